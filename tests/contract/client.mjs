// Asks a catalog with the client of Backstage: calls come as JSON on stdin, their outcomes leave as JSON on stdout.
import { text } from 'node:stream/consumers';
import { CATALOG_FILTER_EXISTS, CatalogClient } from '@backstage/catalog-client';

const [base, token] = process.argv.slice(2);
const client = new CatalogClient({ discoveryApi: { getBaseUrl: async () => `${base}/api/catalog` } });

// JSON has no symbols: "<exists>" stands for the one by which a filter asks for any value.
const meant = (_key, value) => (value === '<exists>' ? CATALOG_FILTER_EXISTS : value);

async function outcome([method, ...parameters]) {
  try {
    const said = client[method](...parameters, { token });
    if (!said[Symbol.asyncIterator]) return { value: (await said) ?? null };
    const pages = [];
    for await (const page of said) pages.push(page);
    return { value: pages };
  } catch (error) {
    return { error: { name: error.name, message: error.message, status: error.statusCode ?? null } };
  }
}

const outcomes = [];
for (const call of JSON.parse(await text(process.stdin), meant)) outcomes.push(await outcome(call));
process.stdout.write(JSON.stringify(outcomes));
