import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { outdated } from "./scripts/documents.mjs";

/** Where `npm run dev` finds a running Sipario; the built UI is served by the gateway itself. */
const gateway = process.env.SIPARIO_GATEWAY ?? "http://127.0.0.1:7007";

/** Tells at each build when a service says something else than the UI believes. */
const currentTypes: Plugin = {
  name: "current-types",
  buildStart() {
    const services = outdated();
    if (services.length) this.warn(`src/api is not made from the OpenAPI of ${services.join(", ")}: run "npm run types"`);
  },
};

export default defineConfig({
  plugins: [react(), currentTypes],
  server: { host: "127.0.0.1", proxy: { "/api": gateway } },
  build: {
    outDir: "../sipario_gateway/static",
    emptyOutDir: true,
    // Data: URLs for scripts and fonts are refused by the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1700,
  },
});
