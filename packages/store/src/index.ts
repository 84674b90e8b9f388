export { openStore } from "./openStore.js";
export type {
  ExportedRow,
  ExportedTable,
  ImportCounts,
  MakerModel,
  OutboxCounts,
  PruneCounts,
  SourceLabel,
  SqlStore,
  StoreAccess,
  StoreInfo,
  StoreMaker,
  StoreOptions,
} from "./types.js";
