import {
  ArchivePersona,
  CancelRun,
  CorrectFact,
  CreateConversation,
  CreatePersona,
  DeleteDocument,
  DeleteFact,
  GetConversation,
  GetDocument,
  GetFact,
  GetPersona,
  GetRun,
  ListConversations,
  ListDocuments,
  ListFacts,
  ListModels,
  ListPersonas,
  ListPersonaVersions,
  NoteFact,
  PostMessage,
  ReadDocumentPage,
  RestorePersona,
  SearchDocuments,
  UpdateConversation,
  UpdatePersona,
} from '@apollo/contracts';
import type { RouteTable } from '../http/route.js';

const personas = '/v1/orgs/{org}/personas';
const memory = `${personas}/{persona_id}/memory`;

/** The organization's agents as they are configured, and what they remember. */
export const PERSONAS: RouteTable = {
  tag: 'personas',
  routes: [
    { verb: 'get', path: '/v1/orgs/{org}/models', contract: ListModels, summary: 'List models that personas may have' },
    { verb: 'get', path: personas, contract: ListPersonas, summary: 'List personas, without their instructions' },
    {
      verb: 'post',
      path: personas,
      contract: CreatePersona,
      summary: 'Create a persona',
      status: 201,
      location: `${personas}/{id}`,
    },
    { verb: 'get', path: `${personas}/{id}`, contract: GetPersona, summary: 'Read a persona' },
    {
      verb: 'patch',
      path: `${personas}/{id}`,
      contract: UpdatePersona,
      summary: 'Change a persona, which makes a new version of it',
      inject: ['if_match'],
    },
    {
      verb: 'post',
      path: `${personas}/{id}/archive`,
      contract: ArchivePersona,
      summary: 'Put a persona out of use; its versions and its memory stay',
      inject: ['if_match'],
    },
    {
      verb: 'post',
      path: `${personas}/{id}/restore`,
      contract: RestorePersona,
      summary: 'Put an archived persona into use again',
      inject: ['if_match'],
    },
    {
      verb: 'get',
      path: `${personas}/{id}/versions`,
      contract: ListPersonaVersions,
      summary: 'List what a persona was, newest first; twenty a page at most',
    },
    { verb: 'get', path: memory, contract: ListFacts, summary: 'List what a persona remembers' },
    {
      verb: 'post',
      path: memory,
      contract: NoteFact,
      summary: 'Have a persona remember something',
      status: 201,
      location: `${memory}/{id}`,
    },
    { verb: 'get', path: `${memory}/{id}`, contract: GetFact, summary: 'Read something that a persona remembers' },
    {
      verb: 'patch',
      path: `${memory}/{id}`,
      contract: CorrectFact,
      summary: 'Correct something that a persona remembers',
      inject: ['if_match'],
    },
    {
      verb: 'delete',
      path: `${memory}/{id}`,
      contract: DeleteFact,
      summary: 'Have a persona forget something',
      inject: ['if_match'],
    },
  ],
};

const conversations = '/v1/orgs/{org}/conversations';
const runs = '/v1/orgs/{org}/runs';

/** What people say to personas, and what these do about it. */
export const CONVERSATIONS: RouteTable = {
  tag: 'conversations',
  routes: [
    { verb: 'get', path: conversations, contract: ListConversations, summary: 'List conversations, newest first' },
    {
      verb: 'post',
      path: conversations,
      contract: CreateConversation,
      summary: 'Begin a conversation',
      status: 201,
      location: `${conversations}/{id}`,
    },
    {
      verb: 'get',
      path: `${conversations}/{id}`,
      contract: GetConversation,
      summary: 'Read a conversation with its messages, newest first',
    },
    {
      verb: 'patch',
      path: `${conversations}/{id}`,
      contract: UpdateConversation,
      summary: 'Rename a conversation, archive it or take it back into use',
      inject: ['if_match'],
    },
    {
      verb: 'post',
      path: `${conversations}/{conversation_id}/messages`,
      contract: PostMessage,
      summary: 'Say something: a run begins, in which a persona answers',
      status: 202,
      location: `${runs}/{id}`,
    },
    { verb: 'get', path: `${runs}/{id}`, contract: GetRun, summary: 'Read a run with all of its steps' },
    {
      verb: 'post',
      path: `${runs}/{id}/cancel`,
      contract: CancelRun,
      summary: 'End a run, whatever is under way for it',
    },
  ],
};

const documents = '/v1/orgs/{org}/documents';

/** What the organization has uploaded, and what is found in it; files themselves are taken in elsewhere. */
export const DOCUMENTS: RouteTable = {
  tag: 'documents',
  routes: [
    { verb: 'get', path: documents, contract: ListDocuments, summary: 'List documents, newest first' },
    {
      verb: 'get',
      path: `${documents}/search`,
      contract: SearchDocuments,
      summary: 'Find the ten passages that fit a question best, with their documents and pages',
    },
    { verb: 'get', path: `${documents}/{id}`, contract: GetDocument, summary: 'Read how a document stands' },
    {
      verb: 'delete',
      path: `${documents}/{id}`,
      contract: DeleteDocument,
      summary: 'Delete a document for good, with every upload and all that was read of them',
      inject: ['if_match'],
    },
    {
      verb: 'get',
      path: `${documents}/{id}/pages/{page}`,
      contract: ReadDocumentPage,
      summary: 'Read the text of a page, in passages',
    },
  ],
};
