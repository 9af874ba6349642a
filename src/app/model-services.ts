import { SluiceError } from "../errors.ts";
import type { ModelServices } from "../http/services.ts";
import type { Models } from "../models/models.ts";
import type { FollowedConfiguration } from "./follow-configuration.ts";

export function modelServices({ models, configuration }: { models: Models; configuration: Pick<FollowedConfiguration, "reload"> }): ModelServices {
  return {
    list: models.list,
    status: models.status,
    async reload() {
      await configuration.reload();
      await models.refresh();
      return models.status();
    },
    async resetBreakers(backend) {
      if (backend !== null && !models.status().some((each) => each.backend === backend)) throw new SluiceError("not_found", `there is no backend "${backend}"`);
      await models.resetBreakers(backend);
      return models.status();
    },
    pull: models.pull,
    forget: models.forget,
  };
}
