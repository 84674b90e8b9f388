/** One entry of the registry of codes. */
export interface CodeEntry {
  /** `error` is thrown; `reason` says why a score is missing (and can be thrown too); `flag` marks a score. */
  readonly kind: "error" | "reason" | "flag";
  /** What it means, in one sentence. */
  readonly meaning: string;
}

const error = (meaning: string) => ({ kind: "error", meaning }) as const;
const reason = (meaning: string) => ({ kind: "reason", meaning }) as const;
const flag = (meaning: string) => ({ kind: "flag", meaning }) as const;

const TABLE = {
  // Inputs
  "input-empty": error("The input holds no bytes."),
  "input-unrecognized": error(
    "The bytes are not an Avro object container, a framed message or JSON; the message names what they look like.",
  ),
  "input-too-large": error(
    "A JSON document, or a line of JSON Lines, is longer than the limit, or longer than a string can be.",
  ),
  "limit-exceeded": error(
    "A record would decode to more values, bytes or levels than the limits of reading allow, or an input holds too many records that are not alerts for its length.",
  ),
  "alert-count": error("One alert was expected, and the input holds none or several."),
  "base64-invalid": error("A line is not base64, where others are alerts in base64."),
  "json-invalid": error("The text is not JSON."),
  "alert-invalid": error("A record is not an alert: fields are absent or of the wrong type."),
  "alert-incomplete": error(
    "The input is recognized, but it is not an alert that can be scored, such as a light curve alone or an error that a server sent; the message says whose form it is, what is missing and where to get it.",
  ),
  "integer-unsafe": error("A 64-bit id came as a JavaScript number above 2^53 and may have been rounded."),

  // Avro
  "avro-truncated": error("The Avro data end before they should."),
  "avro-sync-mismatch": error("The marker after an Avro block is not the one in the file's header."),
  "avro-codec-unknown": error("The Avro file is compressed with a codec that is not supported."),
  "avro-crc-mismatch": error("The checksum of a snappy block does not match its bytes."),
  "avro-schema-invalid": error("The Avro schema cannot be understood."),
  "avro-length-invalid": error("A count or length in the Avro data is negative or larger than the data."),
  "avro-block-corrupt": error("The compressed bytes of an Avro block cannot be unpacked."),
  "avro-datum-invalid": error("A value in the Avro data does not fit its schema."),
  "confluent-frame-invalid": error("The message does not begin with the Confluent frame (0x00 and a schema id)."),
  "confluent-schema-unknown": error(
    "No schema was given for the id in the message's Confluent frame, or for a bare datum that begins like one.",
  ),
  "encode-invalid": error("An alert cannot be written with this schema."),

  // The calling program
  "options-invalid": error(
    "A program calls a function with an unknown option, without one that it needs, or with an argument of the wrong kind: an `OptionsError`, which is a TypeError.",
  ),

  // Archives
  "archive-invalid": error("An archive, a gzip stream or a Parquet file is damaged or cut short."),
  "archive-trailing": error(
    "What follows a gzip stream is not another stream or padding. What came before it is whole, and was read.",
  ),
  "archive-limit": error(
    "An archive unpacks to more than the limits, a Parquet file takes more memory than they say, or archives are nested too deeply.",
  ),
  "position-unknown": error("The position to go on reading from is not valid, or not in the inputs."),
  "archive-unsupported": error("The input is packed in a way that is not supported."),

  // Stamps
  "stamp-absent": reason("The alert carries no such stamp."),
  "stamp-not-fits": reason("The stamp is not a gzip-compressed or plain FITS image."),
  "stamp-truncated": reason("The stamp's bytes end before its image does."),
  "stamp-corrupt": reason("The stamp's gzip stream is damaged: it cannot be unpacked or its checksum differs."),
  "gunzip-failed": reason("The given unpacker fails on a sound stream: the stamp is not to blame."),
  "stamp-too-large": reason("The stamp unpacks to more bytes than the limit."),
  "stamp-size": reason(
    "The stamp has more pixels on a side than the model's input, or fewer than 32, which no stamp of a source on the CCD has; for a model that reads only whole stamps, a size other than 63 x 63.",
  ),
  "fits-header-invalid": reason("The FITS header lacks a card or its END, or a card cannot be read."),
  "fits-unsupported": reason("The FITS image's BITPIX, NAXIS or scaling differs from that of the survey's stamps."),
  "stamp-impossible": reason(
    "The stamp holds pixels beyond 1e9 DN, orders of magnitude beyond any image: its bytes may be in another order.",
  ),
  "stamp-infinite": reason("The stamp holds infinite pixels."),
  "stamp-all-nan": reason("Every pixel of the stamp is masked (NaN)."),
  "stamp-all-zero": reason("Every unmasked pixel of the stamp is 0, so it cannot be normalised."),

  // Features
  "survey-unsupported": reason(
    "The alert comes from a survey that the model or the profile does not read, such as Rubin's for a network that was trained on ZTF's.",
  ),
  "feature-missing": reason("A feature that the model needs is absent or null in the alert."),
  "feature-out-of-range": reason(
    "A feature that the model needs, or the alert's date, lies so far outside its range that no training saw anything like it; for a real/bogus score, anywhere outside 0 to 1.",
  ),
  "feature-non-finite": reason(
    "A feature that the model needs is NaN or infinite, in the alert or once it is rounded to single precision.",
  ),
  "profile-unknown": error("No feature profile has this name."),
  "profile-invalid": error(
    "A feature profile that was given is not valid: a field, a rule or a name in it cannot be read, or another profile has its name.",
  ),
  "profile-mismatch": error(
    "A model's scores cannot be compared under these profiles: it reads different features or none, or does not give a single score.",
  ),

  // Models and engines
  "model-invalid": error("A model definition, or the file that holds it, is not consistent."),
  "layer-unsupported": error("A network holds a layer, or an option of a layer, that is not supported."),
  "weights-missing": error("A weight that the definition names is absent."),
  "weights-misshapen": error("A weight's shape is not the one that its layer needs."),
  "weights-checksum": error("The SHA-256 of the weights is not the one that their description states."),
  "definition-checksum": error(
    "The SHA-256 of a model's definition is not the one that its description or the registry of published models states.",
  ),
  "model-named-already": error("Another model has this name: a published one, or one in the cache."),
  "model-undescribed": error(
    "A file holds a network, but neither the file nor the caller states the model's name, version and feature profile.",
  ),
  "model-unnamed": error("Nothing says which model to score with, or where to find it."),
  "class-unnamed": error("A model answers with classes, and the caller names none, or one that it does not have."),
  "model-twice": error("Two of the given models have the same name, and results are named by model."),
  "scorer-disposed": error("The scorer has been disposed of."),
  "input-invalid": error("What was given is neither bytes nor an alert."),
  "engine-unavailable": error("No engine can run this definition here."),
  "backend-unavailable": error("The tfjs backend asked for does not work here."),
  "input-shape": error("An input of the network does not have the length that its definition states."),
  "input-non-finite": error("An input of the network holds NaN or infinity."),
  "engine-failed": reason("The engine failed on the batch that held this alert; other models are unaffected."),
  "worker-died": error("A worker of a pool ended before it had answered."),
  "real-bogus-unscored": reason("The model that was to give the real/bogus feature has no score for this alert."),
  "output-non-finite": reason("The network answered NaN or infinity."),
  "output-out-of-range": reason(
    "The network answered a finite number that is not a probability: below 0, above 1, or, for classes, with a sum other than 1.",
  ),
  "output-not-probability": error(
    "A network does not end in a layer that gives probabilities: a sigmoid for a score, a softmax for classes.",
  ),

  // Deciding and stores
  "store-closed": error("The store was closed, or its transaction is over."),
  "store-busy": error("Another process has the store, and did not give it back in the time that was waited."),
  "store-newer": error("A later version of this program has written the store."),
  "store-missing": error("There is no store in the folder, or at the address."),
  "store-damaged": error("The store's file is not a database of this program, or was damaged."),
  "store-driver-missing": error("The database driver, a binary for each system, cannot be loaded."),
  "store-access": error("The store was opened to watch, and is asked to do what only a run may."),
  "store-conflict": error("Others that share the store wrote at the same time: done again, this can be kept."),
  "store-fenced": error(
    "Another run has claimed the source, or taken over the store: this one may not write to it any more.",
  ),
  "store-address": error("The address of a database cannot be used, or holds a password."),
  "store-unreachable": error("The database server cannot be reached, or the connection to it was lost."),
  "store-refused": error("The database server refuses: the user, the password, the database, or a permission."),
  "store-value": error("A value cannot be kept in a database."),
  "sink-invalid": error("A sink did not answer for every entry that it was given."),

  // Streams
  "broker-unreachable": error("A Kafka broker cannot be reached, or did not do what it was asked."),
  "message-refused": error("A Kafka broker will never take a message, such as one that is too large."),
  "outbox-behind": error(
    "Topics hold entries with numbers that the store has yet to give: it is an older copy, or another one under the same id.",
  ),
  "registry-unreachable": error("A schema registry cannot be reached, or gave no schema."),

  // SkyPortal
  "skyportal-address": error("This is not the address of a SkyPortal, or using it would show the token to others."),
  "skyportal-unauthorized": error("SkyPortal does not take the token, or the token lacks a right."),
  "skyportal-unreachable": error("SkyPortal could not answer in all tries."),
  "skyportal-refused": error("SkyPortal refuses a question that has to be answered."),
  "skyportal-answer": error("SkyPortal answers in a form that is not known here."),
  "skyportal-body": error("A body holds a number that JSON does not have, and is not sent to SkyPortal."),

  // The Transient Name Server
  "tns-refused": error("The Transient Name Server refuses a report, or whoever sends it."),
  "tns-unreachable": error("The Transient Name Server cannot be reached, or has not processed a report yet."),

  // Published weights
  "model-unknown": error("The registry of published models has no model of this name."),
  "model-not-pulled": error("The model is published but not in the cache yet."),
  "download-failed": error("A file could not be fetched from its public address."),
  "address-missing": error("A file of the model has no public address: only a local mirror can supply it."),
  "mirror-missing": error("The local mirror does not hold the file."),
  "checksum-mismatch": error("A file's SHA-256 is not the published one."),
  "cache-unwritable": error("The cache folder cannot be written."),
  "folder-unwritable": error("The folder cannot be written to, or holds files that the output must not mix with."),
  "disk-full": error("The disk is full; nothing was left half-written."),
  "savedmodel-invalid": error("The SavedModel lacks a file or its metadata cannot be read."),
  "hdf5-invalid": error("The Keras HDF5 file is damaged or cut short, or does not hold a whole model."),
  "keras-invalid": error("The .keras file is damaged or cut short, or lacks a part."),
  "checkpoint-invalid": error("The TensorFlow checkpoint cannot be read."),
  "onnx-invalid": error(
    "The ONNX file cannot be read, or its inputs or output are not those that its definition states.",
  ),
  "checkpoint-crc": error("The checksum of a tensor in the TensorFlow checkpoint does not match its bytes."),

  // Training
  "npy-invalid": error(
    "The .npy file is cut short, or the type, order or shape of its array is not that of the training set.",
  ),
  "table-invalid": error("A table lacks a required column, or a row cannot be read."),
  "label-invalid": error("A label is neither 0 nor 1, or a class is not one of the network's."),
  "source-unknown": error("A truth table names sources that have no alerts, or leaves out sources that have."),
  "training-set-empty": error("After cuts and split, nothing is left to train or to validate with."),
  "training-diverged": error("The loss, or a weight, became NaN or infinite in training."),
  "config-invalid": error("A configuration has keys that are unknown, missing, or of the wrong kind."),
  "resume-invalid": error("A training checkpoint is damaged, cut short, or not a checkpoint."),
  "resume-mismatch": error(
    "A training checkpoint, or what is left of a search, belongs to another network or configuration.",
  ),

  // Simulation
  "simulation-invalid": error("A survey cannot be simulated with these numbers or classes."),
  // Policies and plans
  "filter-unknown": error("No ready filter has this name."),
  "filter-invalid": error(
    "The data are not a filter: fields are absent, misspelt or of the wrong type, or nest too deeply.",
  ),
  "policy-unknown": error("No policy has this name."),
  "policy-invalid": error("The data are not a policy: fields are absent, misspelt or of the wrong type."),
  "policy-state-invalid": error("The data are not the state of a policy."),
  "policy-state-mismatch": error("A state was made by another policy, or by another rule of the same name."),
  "policy-source-mismatch": error(
    "What was given belongs to a different source from the state or the knowledge that came with it.",
  ),
  "follow-up-invalid": error("The rules of a follow-up plan, or what is known of a source, cannot be understood."),
  "tns-report-invalid": error("A report to TNS lacks what TNS requires, or holds what it refuses."),

  // Evaluation
  "evaluation-invalid": error(
    "What was given to be evaluated, or an option, is out of its range: a score, a label, a date, a threshold, a bin.",
  ),

  // Command line
  "lines-mismatch": error("The file to be continued is not what an earlier run wrote for the same inputs."),
  "output-unwritable": error(
    "Standard output, or the file in its place, could not be written: its disk is full, or its reader is gone.",
  ),
  "file-unreadable": error("The file cannot be opened or read."),
  "state-damaged": error("What btsbot decide keeps between runs was cut short or changed."),
  "state-mismatch": error(
    "What btsbot decide keeps between runs was made by another model, filter or policies, or in a different version of the format.",
  ),
  "golden-invalid": error("A line of a golden file cannot be understood."),

  // Flags
  "drb-from-packet": flag(
    "The real/bogus feature is the packet's drb, as ACAI was trained; BTSbot was trained with the score of braai d6_m9.",
  ),
  "drb-given": flag("The real/bogus feature was given by the caller."),
  "rb-for-drb": flag("The packet has no drb, and its rb, an older score, is used in its place, as Kowalski did."),
  "drb-unversioned": flag("The packet's drb has no drbversion: whoever wrote the packet may have filled it in."),
  sentinel: flag("The feature is -999, the survey's mark for no match; it entered the network unchanged."),
  "out-of-range": flag(
    "The feature, or the alert's date, lies outside the range of its quantity; it entered the network unchanged.",
  ),
  "stamp-least-float": flag(
    "The stamp holds pixels of the most negative float32 in place of NaN; they entered its norm, as in training, and swamp the others.",
  ),
  "stamp-out-of-range": flag(
    "The stamp holds pixels that no detector gives, beyond 1e7 DN (beyond 1e9 it is not scored): its bytes may be in another order; they entered the network unchanged.",
  ),
  "input-ignored": flag(
    "The model reads this input, but its answer does not depend on it: that part of the published weights is dead.",
  ),
  "magnitude-from-flux": flag(
    "The broker sends a history of fluxes: its magnitudes and signs were computed from them.",
  ),
  "limit-from-flux-error": flag(
    "The broker sends errors of the flux in place of upper limits: these stand at 5 times the error.",
  ),
  "isdiffpos-assumed": flag(
    "The broker's history does not give the sign of a subtraction: each detection was taken as positive.",
  ),
  "snr-from-sigmapsf": flag(
    "The packet does not give the signal-to-noise ratio on which the profile cuts: it was derived from the error of the magnitude.",
  ),
  "history-absent": flag(
    "The broker's form has no history: beyond what the caller gives, only the alert's own detection counts.",
  ),
  filled: flag("A number that this feature needs is missing, and the profile's substitute for it was used."),
  "jdstarthist-missing": flag(
    "The packet has no jdstarthist before the alert: ages count from the first detection in the history.",
  ),
} as const satisfies Record<string, CodeEntry>;

type CodeTable = typeof TABLE;
type CodeOf<K extends CodeEntry["kind"]> = {
  [C in keyof CodeTable]: CodeTable[C]["kind"] extends K ? C : never;
}[keyof CodeTable];

/** A code of the registry. */
export type Code = keyof CodeTable;
/** A code that errors carry. */
export type ErrorCode = CodeOf<"error">;
/** A code that says why a score is missing. */
export type ReasonCode = CodeOf<"reason">;
/** A code that marks a score. */
export type FlagCode = CodeOf<"flag">;

/**
 * Every code that an error, a reason or a flag of these packages can carry. `docs/codes.md` is made
 * from this table.
 */
export const CODES: Readonly<Record<Code, CodeEntry>> = TABLE;
