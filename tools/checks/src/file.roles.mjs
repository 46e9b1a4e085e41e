/**
 * What the last word of a source's name may be: `<noun>.<role>.ts` says by it what a reader finds there. A file of one
 * word has none, nor have the programs of a package (`main.ts`, `create-operator.ts`). A new role is a word more here.
 */
const BY_KIND = {
  /** What Nest is told: what is made, what is called, what stands in between. */
  wiring: 'adapter controller decorator decorators filter handler module provider reaction routes',
  /** What is kept, how it is reached, and what PostgreSQL is told. */
  database:
    'bounds connection database defaults directory group pipeline pool pooler postgres preparation query ' +
    'repository rights row rows schema sql statements store table tables transaction write',
  /** What processes tell each other, and how it travels. */
  messages:
    'bus calls chunks code codec commands consumer contracts deployment envelope feed frames grant headers http inbox jws ' +
    'message messages permissions publisher queue relay reply requests routes streams tag token wire',
  /** Decisions on what they are given, without effects. */
  rules:
    'access acceptance authentication budget check checker checks comparison conditions cut deployment dialect ' +
    'fits formats invariants limit limits merge merger migration names order orders permit places plan planner plans power ' +
    'proposal quota rates release rules scope settings simulation sources survey test timing tree turn turns',
  /** What does one thing, when asked or by itself. */
  workers:
    'admission alarm announcement announcer answer audience batcher caller callers client context count creation currency decoder elevation ' +
    'ending enrollment factory failures gate generator guard hasher holder host issuer letters locks logger look mail mailing ' +
    'mails parser proxy purger race reactor reader readers reconciler recorder registry resolver review rotation runner ' +
    'seal server servers service side signer start stops supervisor suspension sweeper tracker transport undoer watch worker writer',
  /** What a program is begun by, and what it says of itself. */
  programs:
    'act arguments command config counter environment log metrics platform process program run scenario trail users',
  /** What a file is about, where that is what it holds: a value, a list, a document, a page. */
  things:
    'account accounts addresses apt archive arrivals batch binaries bits book bound box bytes cache catalog cells ' +
    'change changes chart cluster codes columns csv dataset destination digits document duel effects encoding end errors ' +
    'facts failure field fields figures file files form function history identity id jobs journal json key keys kind kinds ' +
    'label layout lead leads life line lines links list load lock map mapping mark marks note numbers object orgs ' +
    'origin page parts people person points ports position preview progress question questions random receipt records ' +
    'register repeats report reports room rounds samples secrets sections set signs slots source state stream template text ' +
    'tags name tools upload usage value values version view waits wallet words world worlds headings body',
};

/** @type {ReadonlySet<string>} */
export const ROLES = new Set(Object.values(BY_KIND).flatMap((words) => words.split(' ')));
