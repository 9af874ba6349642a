import { openQueue } from "../../../src/stores/queue/open-queue.ts";
import { queueContract } from "../../contracts/queue.contract.ts";

queueContract("memory", async () => openQueue());
