/** Writes `src/api/<service>.d.ts` from each service's committed OpenAPI document; run it when one changes. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { documents, stampOf } from "./documents.mjs";

// The generator needs the older TypeScript's programming interface, so it comes for the run and is no dependency.
const generator = ["-p", "openapi-typescript@7.13.0", "-p", "typescript@5.9.3", "openapi-typescript"];

for (const { document, types } of documents()) {
  const done = spawnSync("npx", ["--yes", ...generator, document, "-o", types], { stdio: "inherit" });
  if (done.status !== 0) process.exit(done.status ?? 1);
  writeFileSync(types, `${stampOf(document)}\n${readFileSync(types, "utf8")}`);
}
