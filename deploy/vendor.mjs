// Copies from node_modules to static/vendor exactly what a page asks for, so that nothing comes from
// another host. Tests read axe-core from node_modules; it is never served.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const from = (path) => join(root, "node_modules", path);
const vendor = join(root, "static", "vendor");

const FONT = "@fontsource/be-vietnam-pro";
const WEIGHTS = [400, 500, 600, 700];

rmSync(vendor, { recursive: true, force: true });
mkdirSync(join(vendor, "fonts"), { recursive: true });

/** Source maps are not shipped, and a reference to a missing file breaks the hashed file names. */
const withoutMap = (text) =>
  text.replace(/\s*(\/\*[#@] sourceMappingURL=.*?\*\/|\/\/[#@] sourceMappingURL=.*)\s*$/, "\n");

/** Every browser that we serve reads woff2, so the other formats are left out. */
const woff2Only = (css) =>
  css.replace(/src:\s*([^;}]+)/g, (_, sources) => {
    const kept = sources.split(/,(?=\s*url\()/).find((source) => source.includes(".woff2"));
    if (!kept) throw new Error(`no woff2 in: ${sources}`);
    return `src: ${kept.replace(/url\(["']?[^"')]*\/([^/"')?]+)[^"')]*["']?\)/, 'url("./fonts/$1")').trim()}`;
  });

function writeCss(name, css) {
  const outside = css.match(/@import[^;]*|url\(\s*["']?(?:https?:)?\/\/[^)]*\)/i);
  if (outside) throw new Error(`${name} refers to another host: ${outside[0]}`);
  writeFileSync(join(vendor, name), css);
}

writeCss("tabler.min.css", withoutMap(readFileSync(from("@tabler/core/dist/css/tabler.min.css"), "utf8")));
writeFileSync(
  join(vendor, "tabler.min.js"),
  withoutMap(readFileSync(from("@tabler/core/dist/js/tabler.min.js"), "utf8")),
);
writeFileSync(
  join(vendor, "htmx.min.js"),
  withoutMap(readFileSync(from("htmx.org/dist/htmx.min.js"), "utf8")),
);

writeCss(
  "tabler-icons.min.css",
  woff2Only(withoutMap(readFileSync(from("@tabler/icons-webfont/dist/tabler-icons.min.css"), "utf8"))),
);
cpSync(
  from("@tabler/icons-webfont/dist/fonts/tabler-icons.woff2"),
  join(vendor, "fonts", "tabler-icons.woff2"),
);

// The style sheet of a weight names the unicode range of each subset, so that a page loads what it uses.
const faces = WEIGHTS.map((weight) => woff2Only(readFileSync(from(`${FONT}/${weight}.css`), "utf8")));
for (const [, file] of faces.join("").matchAll(/\.\/fonts\/([^"]+)/g)) {
  cpSync(from(`${FONT}/files/${file}`), join(vendor, "fonts", file));
}
writeCss("be-vietnam-pro.css", faces.join("\n"));

// The editor and the preview of a report, with the libraries they are made of, each as one file.
await build({
  absWorkingDir: root,
  entryPoints: { editor: "static/app/editor/editor.js", preview: "static/app/editor/preview.js" },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  logLevel: "warning",
  outdir: vendor,
});
writeFileSync(
  join(vendor, "pdf.worker.mjs"),
  withoutMap(readFileSync(from("pdfjs-dist/build/pdf.worker.min.mjs"), "utf8")),
);
