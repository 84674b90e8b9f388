export { openStore } from "./openStore.js";
export type {
  ExportedRow,
  ExportedTable,
  ImportCounts,
  MakerFilter,
  MakerModel,
  OutboxCounts,
  PruneCounts,
  PruneOptions,
  SqlStore,
  StoreAccess,
  StoreExportOptions,
  StoreInfo,
  StoreLabel,
  StoreMaker,
  StoreOptions,
} from "./types.js";
