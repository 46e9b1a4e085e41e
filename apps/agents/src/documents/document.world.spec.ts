import { createHash } from 'node:crypto';
import {
  agentsMessages,
  AppendDocumentPiece,
  FinishDocument,
  GetDocument,
  type orgsMessages,
  SearchDocuments,
  StartDocument,
  StartDocumentUpload,
} from '@apollo/contracts';
import { type TestOrg, testOrgs, type TestPeer, until } from '@apollo/testing';
import { type AgentsWorld, agentsWorld } from '../agents.world.spec.js';

type Document = agentsMessages.Document;
type NewFile = agentsMessages.StartDocumentRequest;

const PIECE = 524_288;

/** The agents service with files that are uploaded to it. */
export class DocumentWorld {
  standing: (org: string, person: string) => orgsMessages.Standing = () => ({ status: 'active', role: 'owner' });

  private constructor(
    readonly agents: AgentsWorld,
    private readonly orgs: { peer?: TestPeer },
  ) {}

  /** Files for a service that somebody else has started, and stops. */
  static over(agents: AgentsWorld): DocumentWorld {
    return new DocumentWorld(agents, {});
  }

  static async start(): Promise<DocumentWorld> {
    const orgs: { peer?: TestPeer } = {};
    const world = new DocumentWorld(await agentsWorld(), orgs);
    orgs.peer = await testOrgs((org, person) => world.standing(org, person));
    return world;
  }

  /** Opens an upload, of a document that is there where one is named. */
  open(org: TestOrg, file: NewFile, id?: string): Promise<Document> {
    return id === undefined
      ? this.agents.ask(org, StartDocument, file)
      : this.agents.ask(org, StartDocumentUpload, { ...file, id });
  }

  /** Sends a file in pieces. */
  async send(org: TestOrg, id: string, file: Buffer): Promise<void> {
    for (let at = 0, seq = 0; at < file.length; at += PIECE, seq += 1)
      await this.agents.ask(org, AppendDocumentPiece, {
        id,
        seq,
        data: file.subarray(at, at + PIECE).toString('base64'),
      });
  }

  finish(org: TestOrg, id: string, file: Buffer): Promise<Document> {
    const sha256 = createHash('sha256').update(file).digest('hex');
    return this.agents.ask(
      org,
      FinishDocument,
      { id, pieces: Math.ceil(file.length / PIECE), sha256 },
      { signOuts: 0 },
    );
  }

  /** Uploads a file and waits until it was read, or is not. */
  async upload(org: TestOrg, file: Buffer | string, settings: NewFile, id?: string): Promise<Document> {
    const bytes = Buffer.from(file);
    const opened = await this.open(org, settings, id);
    await this.send(org, opened.id, bytes);
    await this.finish(org, opened.id, bytes);
    return this.ended(org, opened.id);
  }

  get(org: TestOrg, id: string): Promise<Document> {
    return this.agents.ask(org, GetDocument, { id });
  }

  async ended(org: TestOrg, id: string): Promise<Document> {
    await until(async () => ['ready', 'failed'].includes((await this.get(org, id)).state));
    return this.get(org, id);
  }

  async search(org: TestOrg, q: string, title?: string): Promise<agentsMessages.FoundPassage[]> {
    return (await this.agents.ask(org, SearchDocuments, { q, ...(title !== undefined && { title }) })).items;
  }

  async stop(): Promise<void> {
    await this.agents.stop();
    await this.orgs.peer?.close();
  }
}
