import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const checkout = resolve(import.meta.dirname, '../..');

describe('a checkout whose packages are another’s', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shikaku-linked-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('empties no folder that a link leads to, and says what to do', () => {
    const [own, others] = [join(folder, 'own'), join(folder, 'others')];
    mkdirSync(join(others, 'kept'), { recursive: true });
    writeFileSync(join(others, 'kept/package.json'), '{}');
    mkdirSync(own);
    cpSync(join(checkout, 'scripts'), join(own, 'scripts'), { recursive: true });
    symlinkSync(others, join(own, 'node_modules'));
    writeFileSync(join(own, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(own, 'package-lock.json'), '{ "packages": { "node_modules/x": { "version": "1.0.0" } } }');
    const { status, stderr } = spawnSync(process.execPath, [join(own, 'scripts/mutation.mjs')], {
      cwd: own,
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^node_modules is a link to another folder/m);
    expect(status).not.toBe(0);
    expect(existsSync(join(others, 'kept/package.json'))).toBe(true);
  });
});
