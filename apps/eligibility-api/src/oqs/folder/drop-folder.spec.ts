import { watch } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { DeskUnreachable, type Desk, type Incoming, type Outgoing } from '../desk.js';
import { DropFolder, type DropFolderOptions, type FolderEvent } from './drop-folder.js';

const REQUEST = '<XmlMsg><MessageBody>question</MessageBody></XmlMsg>';
const nameOf = (n: number): string => `OQSsiquc01req_20261122${String(n).padStart(4, '0')}.xml`;
const answerOf = (name: string): string => name.replace('req', 'res');

const eventually = async (holds: () => Promise<boolean> | boolean, withinMs = 15_000): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come to hold');
    await setImmediate();
  }
};

describe('a folder that requests are dropped into', () => {
  let root: string;
  let dataFolder: string;
  let asked: Incoming[];
  let events: FolderEvent[];
  let answer: (incoming: Incoming) => Promise<Outgoing> | Outgoing;
  let running: { readonly folder: DropFolder; readonly done: Promise<void> }[];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'oqs-'));
    dataFolder = await mkdtemp(join(tmpdir(), 'oqs-data-'));
    asked = [];
    events = [];
    running = [];
    answer = ({ name, bytes }) => ({
      kind: 'answered',
      name: answerOf(name),
      bytes: Buffer.from(`<XmlMsg>answer to ${bytes.toString()}</XmlMsg>`),
    });
  });
  afterEach(async () => {
    await stopped();
    for (const folder of [root, dataFolder]) await rm(folder, { recursive: true, force: true });
  });

  const started = async (more: Partial<DropFolderOptions> = {}): Promise<DropFolder> => {
    const desk: Desk = {
      reply: async (incoming) => {
        asked.push(incoming);
        return answer(incoming);
      },
    };
    const folder = new DropFolder({
      root,
      dataFolder,
      desk,
      consumed: 'remove',
      style: 'create-then-write',
      writeAfterMs: 20,
      pollMs: 20,
      keptMs: 3_600_000,
      now: () => Date.now(),
      onEvent: (event) => events.push(event),
      ...more,
    });
    running.push({ folder, done: folder.run() });
    await eventually(async () => (await readdir(root)).includes('face'));
    return folder;
  };
  const stopped = async (): Promise<void> => {
    for (const { folder, done } of running.splice(0)) {
      folder.stop();
      await done;
    }
  };
  const drop = (name: string, text: string | Buffer = REQUEST): Promise<void> =>
    writeFile(join(root, 'req', name), text);
  const list = (folder: string): Promise<string[]> => readdir(join(root, folder));
  const read = (folder: string, name: string): Promise<string> => readFile(join(root, folder, name), 'utf8');
  const hasAnswer = async (name: string): Promise<boolean> =>
    (await list('res')).includes(answerOf(name)) && (await read('res', answerOf(name))) !== '';
  const isConsumed = async (name: string): Promise<boolean> => !(await list('req')).includes(name);

  it('answers under the name with res for req, takes the request out of req and keeps a copy', async () => {
    await started();
    await drop(nameOf(1));
    await eventually(() => isConsumed(nameOf(1)));
    expect(await read('res', answerOf(nameOf(1)))).toBe(`<XmlMsg>answer to ${REQUEST}</XmlMsg>`);
    expect(await readFile(join(dataFolder, 'taken', nameOf(1)), 'utf8')).toBe(REQUEST);
    expect(asked).toHaveLength(1);
  });

  /** Names in the order in which they appear in `res`. */
  const appearing = async (work: () => Promise<void>): Promise<string[]> => {
    const seen: string[] = [];
    await mkdir(join(root, 'res'), { recursive: true });
    const watcher = watch(join(root, 'res'), (event, name) => {
      if (event === 'rename' && name !== null) seen.push(name);
    });
    try {
      await work();
    } finally {
      watcher.close();
    }
    return seen;
  };

  it('what lay there before it was started is answered, and results come out oldest first', async () => {
    await mkdir(join(root, 'req'));
    const names = Array.from({ length: 20 }, (_, i) => nameOf((i * 7) % 20));
    let last = 0n;
    for (const name of names) {
      // Times of files are those of the kernel's last tick.
      do {
        await drop(name);
      } while ((await stat(join(root, 'req', name), { bigint: true })).ctimeNs === last);
      last = (await stat(join(root, 'req', name), { bigint: true })).ctimeNs;
    }
    const seen = await appearing(async () => {
      await started();
      await eventually(async () => (await list('req')).length === 0);
    });
    expect(seen).toEqual(names.map(answerOf));
  });

  it('results come out in order though a later question is answered sooner', async () => {
    let release: () => void = () => {};
    const first = new Promise<void>((resolve) => (release = resolve));
    const plain = answer;
    answer = async (incoming) => {
      if (incoming.name === nameOf(2)) await first;
      return plain(incoming);
    };
    await started();
    const seen = await appearing(async () => {
      await drop(nameOf(2));
      await eventually(() => asked.length === 1);
      await drop(nameOf(1));
      await eventually(() => asked.length === 2);
      expect(await list('res')).toEqual([]);
      release();
      await eventually(async () => (await list('req')).length === 0);
    });
    expect(seen).toEqual([nameOf(2), nameOf(1)].map(answerOf));
  });

  it('both styles of watcher notice a result: one that waits for a file to be made, one for it to change', async () => {
    await started({ writeAfterMs: 100 });
    // fs.watch tells of a file that comes or goes as `rename`, and of one that is written to as `change`.
    const [added, changed]: [string[], string[]] = [[], []];
    const adding = watch(join(root, 'res'), (event, name) => {
      if (event === 'rename' && name !== null) added.push(name);
    });
    const changing = watch(join(root, 'res'), (event, name) => {
      if (event === 'change' && name !== null) changed.push(name);
    });
    try {
      await drop(nameOf(1));
      await eventually(() => hasAnswer(nameOf(1)));
      await eventually(() => changed.length > 0 && added.length > 0);
      expect(new Set([...added, ...changed])).toEqual(new Set([answerOf(nameOf(1))]));
    } finally {
      adding.close();
      changing.close();
    }
  });

  it('is there empty first; by the other style never', async () => {
    await started({ writeAfterMs: 300 });
    await drop(nameOf(1));
    await eventually(async () => (await list('res')).includes(answerOf(nameOf(1))));
    expect(await read('res', answerOf(nameOf(1)))).toBe('');
    await eventually(() => hasAnswer(nameOf(1)));
    await stopped();
    await started({ style: 'rename' });
    await drop(nameOf(2));
    await eventually(async () => (await list('res')).includes(answerOf(nameOf(2))));
    expect(await read('res', answerOf(nameOf(2)))).toContain('answer');
    await eventually(() => isConsumed(nameOf(2)));
    expect((await readdir(root)).toSorted()).toEqual(['face', 'req', 'res']);
  });

  it('a client that takes the empty file away gets the whole one', async () => {
    await started({ writeAfterMs: 300 });
    await drop(nameOf(1));
    await eventually(async () => (await list('res')).includes(answerOf(nameOf(1))));
    await unlink(join(root, 'res', answerOf(nameOf(1))));
    await eventually(() => isConsumed(nameOf(1)));
    expect(await read('res', answerOf(nameOf(1)))).toContain('answer');
  });

  it('half a file is waited for; its end may come late', async () => {
    await started();
    await drop(nameOf(1), REQUEST.slice(0, 30));
    await drop(nameOf(2));
    await eventually(() => hasAnswer(nameOf(2)));
    expect(asked.map(({ name }) => name)).toEqual([nameOf(2)]);
    await appendFile(join(root, 'req', nameOf(1)), REQUEST.slice(30));
    await eventually(() => hasAnswer(nameOf(1)));
    expect(asked[1]?.bytes.toString()).toBe(REQUEST);
  });

  it('a file whose end never comes is given back with .err', async () => {
    await started({ unfinishedMs: 100 });
    await drop(nameOf(1), '<XmlMsg><MessageHeader>');
    await eventually(() => isConsumed(nameOf(1)));
    expect(await read('res', nameOf(1))).toBe('<XmlMsg><MessageHeader>');
    expect(await read('res', nameOf(1).replace('.xml', '.err'))).toMatch(/^SHK1009\r\n.+。\r\n$/);
    expect(asked).toEqual([]);
  });

  it('what is no message is given back, with .err beside it', async () => {
    answer = () => ({ kind: 'malformed', code: 'SHK1004', message: 'DTDは使用できません。' });
    await started();
    await drop(nameOf(1));
    await eventually(() => isConsumed(nameOf(1)));
    expect((await list('res')).toSorted()).toEqual([nameOf(1).replace('.xml', '.err'), nameOf(1)]);
    expect(await read('res', nameOf(1))).toBe(REQUEST);
    expect(await read('res', nameOf(1).replace('.xml', '.err'))).toBe('SHK1004\r\nDTDは使用できません。\r\n');
  });

  it('files of others, folders, links and our own answers stay as they are', async () => {
    await mkdir(join(root, 'req'));
    await drop('memo.txt', 'x');
    await drop('OQSsiquc01res_1.xml');
    await drop('OQSsiquc01req_1.tmp');
    await mkdir(join(root, 'req', 'OQSsiquc01req_2.xml'));
    await writeFile(join(root, 'elsewhere.xml'), REQUEST);
    await symlink(join(root, 'elsewhere.xml'), join(root, 'req', 'OQSsiquc01req_3.xml'));
    await started();
    await drop(nameOf(9));
    await eventually(() => isConsumed(nameOf(9)));
    expect(asked.map(({ name }) => name)).toEqual([nameOf(9)]);
    expect(await list('req')).toHaveLength(5);
  });

  it('a file that is far too large is not read, and told so', async () => {
    await started({ unfinishedMs: 100 });
    await drop(nameOf(1), Buffer.alloc(4 * 1024 * 1024 + 1, ' '));
    await eventually(() => isConsumed(nameOf(1)));
    expect(await list('res')).toEqual([nameOf(1).replace('.xml', '.err')]);
    expect(await read('res', nameOf(1).replace('.xml', '.err'))).toContain('SHK1001');
    expect(asked).toEqual([]);
  });

  it('a restart in the middle loses nothing: unanswered it is still in req, and answered again', async () => {
    answer = () => {
      throw new DeskUnreachable();
    };
    await started();
    await drop(nameOf(1));
    await eventually(() => asked.length > 0);
    await stopped();
    expect(await list('req')).toEqual([nameOf(1)]);
    expect(await list('res')).toEqual([]);
    answer = ({ name }) => ({ kind: 'answered', name: answerOf(name), bytes: Buffer.from('<XmlMsg/>') });
    await started();
    await eventually(() => isConsumed(nameOf(1)));
    expect(await read('res', answerOf(nameOf(1)))).toBe('<XmlMsg/>');
    expect(events).toContainEqual(expect.objectContaining({ kind: 'waiting', because: 'unreachable' }));
  });

  it('killed between the answer and the removal, the same answer is left as it lies', async () => {
    await mkdir(join(root, 'req'));
    await mkdir(join(root, 'res'));
    await drop(nameOf(1));
    const path = join(root, 'res', answerOf(nameOf(1)));
    await writeFile(path, `<XmlMsg>answer to ${REQUEST}</XmlMsg>`);
    const before = await stat(path);
    await utimes(path, 1, 1);
    await started();
    await eventually(() => isConsumed(nameOf(1)));
    const after = await stat(path);
    expect(after.ino).toBe(before.ino);
    expect(after.mtimeMs, 'a watcher hears of it again').toBeGreaterThan(1_000);
  });

  it('killed while it wrote, the half is made whole', async () => {
    await mkdir(join(root, 'req'));
    await mkdir(join(root, 'res'));
    await drop(nameOf(1));
    await writeFile(join(root, 'res', answerOf(nameOf(1))), '<XmlMsg>answer');
    await started();
    await eventually(() => isConsumed(nameOf(1)));
    expect(await read('res', answerOf(nameOf(1)))).toBe(`<XmlMsg>answer to ${REQUEST}</XmlMsg>`);
  });

  it('kept in req, a request is answered once, also after a restart; written anew it is another', async () => {
    await started({ consumed: 'keep' });
    await drop(nameOf(1));
    await eventually(() => events.some(({ kind }) => kind === 'answered'));
    await drop(nameOf(2));
    await eventually(() => events.filter(({ kind }) => kind === 'answered').length === 2);
    await stopped();
    await started({ consumed: 'keep' });
    await drop(nameOf(3));
    await eventually(() => hasAnswer(nameOf(3)));
    expect(asked.map(({ name }) => name)).toEqual([1, 2, 3].map(nameOf));
    expect(await list('req')).toHaveLength(3);
    await drop(nameOf(1), REQUEST.replace('question', 'another'));
    await eventually(async () => (await read('res', answerOf(nameOf(1)))).includes('another'));
    expect(asked).toHaveLength(4);
  });

  it('a request that is replaced while it is answered is not lost', async () => {
    let release: () => void = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const plain = answer;
    answer = async (incoming) => {
      await held;
      return plain(incoming);
    };
    await started();
    await drop(nameOf(1));
    await eventually(() => asked.length === 1);
    await writeFile(join(root, 'next.xml'), REQUEST.replace('question', 'the next question'));
    await rename(join(root, 'next.xml'), join(root, 'req', nameOf(1)));
    release();
    await eventually(
      async () => (await hasAnswer(nameOf(1))) && (await read('res', answerOf(nameOf(1)))).includes('next'),
    );
    await eventually(() => isConsumed(nameOf(1)));
    expect(asked).toHaveLength(2);
  });

  it('a root that is away is waited for, and not made', async () => {
    const share = join(root, 'share');
    const folder = new DropFolder({
      root: share,
      dataFolder,
      desk: { reply: async (incoming) => answer(incoming) },
      consumed: 'remove',
      style: 'create-then-write',
      writeAfterMs: 0,
      pollMs: 10,
      keptMs: 1,
      now: () => Date.now(),
      onEvent: (event) => events.push(event),
    });
    running.push({ folder, done: folder.run() });
    await eventually(() => events.length > 0);
    expect(events).toEqual([{ kind: 'waiting', because: 'folder', cause: 'ENOENT' }]);
    expect(await readdir(root)).toEqual([]);
    await mkdir(share);
    await eventually(async () => (await readdir(share)).includes('req'));
    await writeFile(join(share, 'req', nameOf(1)), REQUEST);
    await eventually(async () => (await readdir(join(share, 'req'))).length === 0);
  });

  it('copies of answered requests go when they have been kept long enough', async () => {
    await mkdir(join(dataFolder, 'taken'));
    await writeFile(join(dataFolder, 'taken', nameOf(1)), REQUEST);
    await started({ now: () => Date.now() + 3_600_001 });
    const kept = (): Promise<string[]> => readdir(join(dataFolder, 'taken'));
    await eventually(async () => (await kept()).length === 0);
    await drop(nameOf(2));
    await eventually(() => isConsumed(nameOf(2)));
    expect(await kept()).toEqual([nameOf(2)]);
  });

  it('the result of a card reader lies in face', async () => {
    const folder = await started();
    await folder.deliverFace('OQSsiquc01res_face_1.xml', Buffer.from('<XmlMsg/>'));
    expect(await read('face', 'OQSsiquc01res_face_1.xml')).toBe('<XmlMsg/>');
  });
});
