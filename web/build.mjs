// Bundles the editor into the package. What is made is served by `communique serve`; nothing is loaded from other hosts.
import { build } from "esbuild";

await build({
  entryPoints: { editor: "src/editor.js" },
  outdir: "../graph_build/static",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2021"],
  loader: { ".ttf": "dataurl", ".woff": "dataurl", ".woff2": "dataurl", ".svg": "dataurl", ".png": "dataurl" },
  legalComments: "linked",
  logLevel: "info",
});
