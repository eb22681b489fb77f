/** Writes `src/api/<service>.d.ts` from each service's committed OpenAPI document; run it when one changes. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const services = fileURLToPath(new URL("../../../", import.meta.url));
// The generator needs the older TypeScript's programming interface, so it comes for the run and is no dependency.
const generator = ["-p", "openapi-typescript@7.13.0", "-p", "typescript@5.9.3", "openapi-typescript"];

for (const service of readdirSync(services).sort()) {
  const document = `${services}${service}/openapi.json`;
  if (!existsSync(document)) continue;
  const target = `src/api/${service}.d.ts`;
  const done = spawnSync("npx", ["--yes", ...generator, document, "-o", target], { stdio: "inherit" });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
