import { cloudtrailLogsViewSql } from "@fourwire/core";
import { Store, type StoreOptions } from "@fourwire/store";

/** Opens a store with every view of the product. */
export function openStore(options: Pick<StoreOptions, "path" | "command" | "memoryLimit" | "now">): Promise<Store> {
  return Store.open({
    ...options,
    extraViews: [`create or replace view main.cloudtrail_logs as ${cloudtrailLogsViewSql("main.cloudtrail")}`],
  });
}
