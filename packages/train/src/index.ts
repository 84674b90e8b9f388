export type { AdamOptions } from "./applyAdam.js";
export { assignSplit } from "./assignSplit.js";
export { augmentTriplets } from "./augmentTriplets.js";
export { buildDefinition } from "./buildDefinition.js";
export type { Architecture, LayerConfig, NetworkConfig } from "./buildDefinition.js";
export { cachePackets } from "./cachePackets.js";
export type { CachedPackets, CachePacketsOptions } from "./cachePackets.js";
export { cleanAlerts, CUTS } from "./cleanAlerts.js";
export type { CleanedAlerts, CleanOptions, Cut, CutCount } from "./cleanAlerts.js";
export { DEFAULT_FIT } from "./defaultFit.js";
export type { DividedAlerts, PartCount } from "./divideAlerts.js";
export type { TrainOptions } from "./fitConfig.js";
export { fitModel } from "./fitModel.js";
export type * from "./fitTypes.js";
export type { ScoreMetrics } from "./measureScores.js";
export { mixTarget } from "./mixTarget.js";
export { openNpy } from "./openNpy.js";
export type { NpyFile } from "./openNpy.js";
export { openTrainingSet } from "./openTrainingSet.js";
export type {
  DataSource,
  OpenTrainingSetOptions,
  PacketSource,
  PublishedSource,
  TeacherSource,
  TrainingSet,
} from "./openTrainingSet.js";
export { parseSearchConfig } from "./parseSearchConfig.js";
export type { SearchConfig } from "./parseSearchConfig.js";
export { parseTrainConfig } from "./parseTrainConfig.js";
export { readCandidates } from "./readCandidates.js";
export type { Candidates, ReadCandidatesOptions, CandidateAlert } from "./readCandidates.js";
export { readCheckpoint } from "./readCheckpoint.js";
export { readTeacher } from "./readTeacher.js";
export { readSourceLabels } from "./readSourceLabels.js";
export type { SourceLabel } from "./readSourceLabels.js";
export { sampleSpace } from "./sampleSpace.js";
export type { Parameters } from "./sampleSpace.js";
export { searchModels } from "./searchModels.js";
export type { RoundResult, SearchOptions, SearchReport, Trial } from "./searchModels.js";
export { SEARCH_SPACES } from "./searchSpaces.js";
export type { ParameterRange, SearchSpace } from "./searchSpaces.js";
export { LATEST_CLASSES, thinAlerts } from "./thinAlerts.js";
export type { ThinOptions } from "./thinAlerts.js";
export type { OwnNetwork, TeacherConfig, TrainConfig } from "./trainConfig.js";
export { trainModel } from "./trainModel.js";
export type { PartMetrics, TrainReport } from "./trainReport.js";
export type * from "./types.js";
export { updateSchedule } from "./updateSchedule.js";
export type { Schedule, ScheduleOptions } from "./updateSchedule.js";
export { weighClasses } from "./weighClasses.js";
export { writeCheckpoint } from "./writeCheckpoint.js";
