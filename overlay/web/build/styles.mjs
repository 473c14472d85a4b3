// Style sheets as text, for shadow roots: `x.css?text` has all its imports; in `x.css?shadow` the rules for the page
// (:root) become rules for the element (:host). They are named from here, so that the names of the files that hold them
// are the same wherever the project lies.
import { relative } from 'node:path';
import { build } from 'esbuild';

export const styleText = {
  name: 'style-text',
  setup(b) {
    b.onResolve({ filter: /\.css\?(text|shadow)$/ }, async ({ path, resolveDir, kind }) => {
      const [file, how] = path.split('?');
      const found = await b.resolve(file, { resolveDir, kind });
      return found.errors.length ? { errors: found.errors } : { path: relative('.', found.path), namespace: `css-${how}` };
    });
    b.onLoad({ filter: /./, namespace: 'css-text' }, async ({ path }) => ({ contents: await textOf(path), loader: 'text' }));
    b.onLoad({ filter: /./, namespace: 'css-shadow' }, async ({ path }) => ({ contents: (await textOf(path)).replaceAll(':root', ':host'), loader: 'text' }));
  },
};

async function textOf(path) {
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, minify: true, write: false, target: ['es2021'], legalComments: 'none', logLevel: 'warning' });
  return outputFiles[0].text.trim();
}
