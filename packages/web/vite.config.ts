import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ["@fourwire/source", ...defaultClientConditions] },
  build: { outDir: "dist/app", emptyOutDir: true, target: "es2023", sourcemap: false, assetsInlineLimit: 0 },
  server: { proxy: { "/v1": "http://127.0.0.1:4004" } },
});
