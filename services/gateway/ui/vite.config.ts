import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` finds a running Sipario; the built UI is served by the gateway itself. */
const gateway = process.env.SIPARIO_GATEWAY ?? "http://127.0.0.1:7007";

export default defineConfig({
  plugins: [react()],
  server: { host: "127.0.0.1", proxy: { "/api": gateway } },
  build: {
    outDir: "../sipario_gateway/static",
    emptyOutDir: true,
    // Data: URLs for scripts and fonts are refused by the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1700,
  },
});
