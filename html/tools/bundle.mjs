/*
 * What is shipped: sizes of the built files, and licences of the packages in them.
 *
 *     node tools/bundle.mjs --write [--timings FILE]   writes docs/bundle.md
 *     node tools/bundle.mjs --notices                  writes dist/assets/licences.txt
 *     node tools/bundle.mjs --check [--budget BYTES] [--allow LICENCE,…]
 *
 * --check ends with 1, and a line for each fault, where the page that joins is larger than the
 * budget, a licence is not allowed, or docs/bundle.md names other files or packages than these.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const HTML = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(HTML, 'dist');
const DOCUMENT = join(HTML, '../docs/bundle.md');

/** Packages of this tree whose dependencies end up in the built files. */
const OWN = ['app', 'client', 'embed', 'react'];
const BUDGET = 150_000;
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'OFL-1.1'];
const LATIN = /figtree-latin-wght/;
const TIMINGS = '## Load times';

function fail(text) {
    console.error(`bundle: ${text}`);
    process.exit(1);
}

function files(folder = '') {
    return readdirSync(join(DIST, folder), { withFileTypes: true })
        .flatMap((entry) =>
            entry.isDirectory()
                ? files(posix.join(folder, entry.name))
                : [posix.join(folder, entry.name)],
        )
        .sort();
}

/** The name without the hash that changes with every build. */
function stem(name) {
    return name.replace(/-[\w-]{8}(\.\w+)$/, '$1');
}

/** What has been compressed already grows by another compression. */
const PACKED = /\.woff2$/;

function sizesOf(name) {
    const data = readFileSync(join(DIST, name));
    if (PACKED.test(name)) {
        return { name, raw: data.length, gzip: data.length, brotli: data.length };
    }
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    return {
        name,
        raw: data.length,
        gzip: gzipSync(data, { level: 6 }).length,
        brotli: brotliCompressSync(data, { params }).length,
    };
}

/** The scripts that a script needs before it runs. */
function closure(name, seen = new Set()) {
    if (!seen.has(name)) {
        seen.add(name);
        const text = readFileSync(join(DIST, name), 'utf8');
        for (const [, path] of text.matchAll(
            /(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+\.js)["']/g,
        )) {
            closure(posix.join(posix.dirname(name), path), seen);
        }
    }
    return seen;
}

/** What comes before somebody can join: the page, its scripts and styles, its icon and its font. */
function joinPage() {
    const page = readFileSync(join(DIST, 'index.html'), 'utf8');
    const linked = [...page.matchAll(/(?:src|href)="(?:\.\/)?(assets\/[^"]+)"/g)].map((m) => m[1]);
    const scripts = linked.filter((name) => name.endsWith('.js'));
    if (scripts.length === 0) {
        fail('dist/index.html has no script; build first');
    }
    const needed = scripts.flatMap((name) => [...closure(name)]);
    const fonts = files('assets').filter((name) => LATIN.test(name));
    if (fonts.length === 0) {
        fail('the font of the page is not in dist/assets/');
    }
    return [...new Set(['index.html', ...linked, ...needed, ...fonts])].map(sizesOf);
}

function manifest(folder) {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** Where node finds a package, from a folder upwards. */
function locate(name, from) {
    for (let folder = from; ; folder = dirname(folder)) {
        const found = join(folder, 'node_modules', name);
        if (existsSync(join(found, 'package.json'))) {
            return found;
        }
        if (folder === dirname(folder)) {
            return fail(`${name} is not installed`);
        }
    }
}

/** Every package that the built files are made of, but for those of this tree. */
function packages() {
    const found = new Map();
    const visit = (folder) => {
        for (const name of Object.keys(manifest(folder).dependencies ?? {})) {
            if (!name.startsWith('@otter/') && !found.has(name)) {
                const at = locate(name, folder);
                const { version, license, homepage } = manifest(at);
                found.set(name, { name, version, licence: license ?? 'none', homepage, at });
                visit(at);
            }
        }
    };
    for (const name of OWN) {
        visit(join(HTML, name));
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const sum = (list, key) => list.reduce((total, entry) => total + entry[key], 0);
const count = (bytes) => bytes.toLocaleString('en');

function row({ name, raw, gzip, brotli }) {
    return `| ${name} | ${count(raw)} | ${count(gzip)} | ${count(brotli)} |`;
}

function shipped() {
    return files().filter((name) => name !== 'assets/licences.txt');
}

function timingsText(path) {
    if (path === undefined) {
        const before = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '';
        const at = before.indexOf(TIMINGS);
        return at < 0 ? '' : before.slice(at);
    }
    const { machine, loads } = JSON.parse(readFileSync(path, 'utf8'));
    const rows = loads.map(
        ({ page, ttfb, fcp, lcp, loaded, ready, bytes }) =>
            `| ${page} | ${ttfb} | ${fcp} | ${lcp} | ${loaded} | ${ready} | ${count(bytes)} |`,
    );
    return `${TIMINGS}

Medians of five loads with an empty cache, in ms, over loopback, gzip by nginx: ${machine}. \`ready\` is when the first button that leads on can be pressed.

| page | first byte | first paint | largest paint | loaded | ready | bytes |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

function write(timings) {
    const join = joinPage();
    const total = (name, list) =>
        row({ name, raw: sum(list, 'raw'), gzip: sum(list, 'gzip'), brotli: sum(list, 'brotli') });
    const all = shipped().map((name) => ({ ...sizesOf(name), name: `\`${stem(name)}\`` }));
    const licences = packages().map(
        ({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`,
    );
    const text = `# What is shipped

Made by \`node html/tools/bundle.mjs --write\` from what \`make\` has built; not to be edited by hand.

## Sizes

In bytes: as they are, with gzip (level 6) and with brotli (level 5). Fonts are compressed in themselves. Names are without their hashes.

| file | bytes | gzip | brotli |
|---|---|---|---|
${all.map(row).join('\n')}
${total('all of it', all)}
${total('to join: page, script, styles, font, icon', join)}

To join takes at most ${count(BUDGET)} bytes with gzip: a test holds that.

## Licences

Packages of others that the files above are made of. Their notices are in \`assets/licences.txt\`, which is served. Otter itself is under BSD-2-Clause.

| package | version | licence |
|---|---|---|
${licences.join('\n')}

${timingsText(timings)}`;
    writeFileSync(DOCUMENT, `${text.trimEnd()}\n`);
}

function notices() {
    const texts = packages().map(({ name, version, licence, at }) => {
        const file = readdirSync(at).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
        if (file === undefined) {
            fail(`${name} has no text of its licence`);
        }
        const text = readFileSync(join(at, file), 'utf8').trim();
        return `${name} ${version} (${licence})\n\n${text}\n`;
    });
    writeFileSync(join(DIST, 'assets/licences.txt'), texts.join(`\n${'-'.repeat(72)}\n\n`));
}

function check(budget, allowed) {
    const faults = [];
    const gzip = sum(joinPage(), 'gzip');
    if (gzip > budget) {
        faults.push(`to join takes ${gzip} bytes with gzip, more than ${budget}`);
    }
    for (const { name, licence } of packages()) {
        if (!allowed.includes(licence)) {
            faults.push(`the licence of ${name} is not allowed: ${licence}`);
        }
    }
    const document = readFileSync(DOCUMENT, 'utf8');
    for (const name of new Set(shipped().map(stem))) {
        if (!document.includes(`| \`${name}\` |`)) {
            faults.push(`docs/bundle.md does not name ${name}`);
        }
    }
    for (const { name, version, licence } of packages()) {
        if (!document.includes(`| ${name} | ${version} | ${licence} |`)) {
            faults.push(`docs/bundle.md does not name ${name} ${version}, ${licence}`);
        }
    }
    if (faults.some((fault) => fault.startsWith('docs/'))) {
        faults.push('"node html/tools/bundle.mjs --write" writes docs/bundle.md anew');
    }
    for (const fault of faults) {
        console.error(`bundle: ${fault}`);
    }
    console.log(`to join: ${gzip} bytes with gzip`);
    process.exitCode = faults.length === 0 ? 0 : 1;
}

const { values } = parseArgs({
    options: {
        write: { type: 'boolean' },
        check: { type: 'boolean' },
        notices: { type: 'boolean' },
        budget: { type: 'string' },
        allow: { type: 'string' },
        timings: { type: 'string' },
    },
});

if (values.notices) {
    notices();
}
if (values.write) {
    write(values.timings);
}
if (values.check) {
    check(Number(values.budget ?? BUDGET), values.allow?.split(',') ?? ALLOWED);
}
