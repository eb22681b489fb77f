/** The services' OpenAPI documents, and whether the types that the UI has are those of the documents. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const services = fileURLToPath(new URL("../../../", import.meta.url));
const api = fileURLToPath(new URL("../src/api/", import.meta.url));

/** Every service that has a document; none where the gateway is built without its neighbours. */
export function documents() {
  return readdirSync(services)
    .sort()
    .map((service) => ({ service, document: `${services}${service}/openapi.json`, types: `${api}${service}.d.ts` }))
    .filter(({ document }) => existsSync(document));
}

/** The first line of types that were made from the document as it is now. */
export function stampOf(document) {
  return `// Made from the OpenAPI document with SHA-256 ${createHash("sha256").update(readFileSync(document)).digest("hex")}`;
}

/** Names the services whose types are not those of their documents. */
export function outdated() {
  return documents()
    .filter(({ document, types }) => !existsSync(types) || !readFileSync(types, "utf8").startsWith(stampOf(document)))
    .map(({ service }) => service);
}
