/** The body is no JSON document. */
export class NotJson extends Error {
  constructor() {
    super('the body is not JSON');
    this.name = 'NotJson';
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A name that is longer is not `people`, whatever escapes it is written with. */
const NAME_CHARACTERS_MAX = 64;

/** Where people are told to. */
export interface PeopleListener {
  /** A list of people begins. JSON lets the last of several count. */
  began(): void;
  /** The text of one of them, not yet parsed. Throws `NotJson` where it is none. */
  person(text: string): void;
}

/**
 * Takes `{ …, "people": [ … ] }` apart as it arrives, so that ten thousand people are parsed one by one: JSON.parse of the
 * whole body would stop the event loop for 15 to 60 ms (2 to 8 MiB), and every check that comes in meanwhile. What it lets
 * through is parsed by JSON.parse all the same, so that it need not know JSON: only strings, brackets and commas.
 */
export class PeopleSplitter {
  /** The body, with the list of people empty. */
  envelope = '';

  private depth = 0;
  private inString = false;
  private escaped = false;
  private inPeople = false;
  private people = 0;
  private text = '';
  /** The last string that began directly in the outermost object; before a colon it is a name. */
  private name = '';
  private key = '';

  constructor(
    private readonly listener: PeopleListener,
    private readonly limits: {
      readonly envelopeMax: number;
      readonly personMax: number;
      readonly tooLong: (pointer: string) => Error;
    },
  ) {}

  feed(chunk: string): void {
    let from = 0;
    for (let i = 0; i < chunk.length; i += 1) {
      const code = chunk.charCodeAt(i);
      if (this.inString) {
        if (this.depth === 1 && this.name.length < NAME_CHARACTERS_MAX) this.name += chunk[i];
        if (this.escaped) this.escaped = false;
        else if (code === BACKSLASH) this.escaped = true;
        else if (code === QUOTE) this.inString = false;
        continue;
      }
      switch (code) {
        case QUOTE:
          this.inString = true;
          if (this.depth === 1) this.name = '"';
          break;
        case COLON:
          if (this.depth === 1) this.key = nameOf(this.name);
          break;
        case COMMA:
          if (this.inPeople && this.depth === 2) {
            this.take(chunk.slice(from, i));
            this.finishPerson();
            from = i + 1;
          } else if (this.depth === 1) this.key = '';
          break;
        case OPEN_OBJECT:
        case OPEN_LIST:
          this.depth += 1;
          if (code === OPEN_LIST && this.depth === 2 && this.key === 'people') {
            this.take(chunk.slice(from, i + 1));
            from = i + 1;
            this.inPeople = true;
            this.people = 0;
            this.listener.began();
          }
          break;
        case CLOSE_OBJECT:
        case CLOSE_LIST:
          if (this.depth === 0) throw new NotJson();
          if (this.inPeople && this.depth === 2) {
            this.take(chunk.slice(from, i));
            // `[]` has nobody; `[…,]` has somebody who is missing.
            if (this.people > 0 || this.text.trim() !== '') this.finishPerson();
            this.text = '';
            this.inPeople = false;
            from = i;
          }
          this.depth -= 1;
          break;
        default:
      }
    }
    this.take(chunk.slice(from));
  }

  private take(piece: string): void {
    if (this.inPeople) this.text += piece;
    else this.envelope += piece;
    if (this.text.length > this.limits.personMax || this.envelope.length > this.limits.envelopeMax)
      throw this.limits.tooLong(this.inPeople ? `/people/${this.people}` : '');
  }

  private finishPerson(): void {
    const { text } = this;
    this.text = '';
    this.people += 1;
    this.listener.person(text);
  }
}

const nameOf = (literal: string): string => {
  try {
    return String(JSON.parse(literal));
  } catch {
    return '';
  }
};
