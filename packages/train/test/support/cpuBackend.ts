import { enableProdMode, setBackend } from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { beforeAll } from "vitest";

beforeAll(() => {
  // Without this the cpu backend prints a banner.
  enableProdMode();
  return setBackend("cpu");
});
