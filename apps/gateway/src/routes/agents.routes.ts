import {
  ArchivePersona,
  CorrectFact,
  CreatePersona,
  DeleteFact,
  GetFact,
  GetPersona,
  ListFacts,
  ListPersonas,
  ListPersonaVersions,
  NoteFact,
  RestorePersona,
  UpdatePersona,
} from '@apollo/contracts';
import type { RouteTable } from '../http/route.js';

const personas = '/v1/orgs/{org}/personas';
const memory = `${personas}/{persona_id}/memory`;

/** The organization's agents as they are configured, and what they remember. */
export const PERSONAS: RouteTable = {
  tag: 'personas',
  routes: [
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
