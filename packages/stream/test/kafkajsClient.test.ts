import { createKafkajsClient } from "@btsbot/stream";
import kafkajs from "kafkajs";
import { describeKafkaClient } from "../../../test/support/kafkaClientConformance.js";

describeKafkaClient("of kafkajs", (options) => createKafkajsClient(kafkajs, options));
