import {
  AddNote,
  CountLeads,
  CreateLead,
  CreateLeadField,
  CreatePipeline,
  CreateStage,
  DeleteImportMapping,
  DeleteLead,
  GetImport,
  GetLead,
  GetPipeline,
  ListActivities,
  ListImportErrors,
  ListImportMappings,
  ListImports,
  ListLeadFields,
  ListLeads,
  ListPipelines,
  MoveLead,
  SaveImportMapping,
  UndoImport,
  UpdateLead,
  UpdateLeadField,
  UpdatePipeline,
  UpdateStage,
} from '@apollo/contracts';
import type { RouteTable } from '../http/route.js';

const org = '/v1/orgs/{org}';

/** Pipelines, stages and custom fields. */
export const PIPELINES: RouteTable = {
  tag: 'pipelines',
  routes: [
    { verb: 'get', path: `${org}/pipelines`, contract: ListPipelines, summary: 'List pipelines with their stages' },
    {
      verb: 'post',
      path: `${org}/pipelines`,
      contract: CreatePipeline,
      summary: 'Create a pipeline',
      status: 201,
      location: `${org}/pipelines/{id}`,
    },
    { verb: 'get', path: `${org}/pipelines/{id}`, contract: GetPipeline, summary: 'Read a pipeline' },
    {
      verb: 'patch',
      path: `${org}/pipelines/{id}`,
      contract: UpdatePipeline,
      summary: 'Change a pipeline',
      inject: ['if_match'],
    },
    {
      verb: 'post',
      path: `${org}/pipelines/{pipeline_id}/stages`,
      contract: CreateStage,
      summary: 'Add a stage',
      status: 201,
    },
    {
      verb: 'patch',
      path: `${org}/pipelines/{pipeline_id}/stages/{id}`,
      contract: UpdateStage,
      summary: 'Change a stage',
    },
    { verb: 'get', path: `${org}/lead-fields`, contract: ListLeadFields, summary: 'List custom fields' },
    { verb: 'post', path: `${org}/lead-fields`, contract: CreateLeadField, summary: 'Add a custom field', status: 201 },
    { verb: 'patch', path: `${org}/lead-fields/{id}`, contract: UpdateLeadField, summary: 'Change a custom field' },
  ],
};

/** Leads and what happened to them; files go in and out in `transfer/`. */
export const LEADS: RouteTable = {
  tag: 'leads',
  routes: [
    { verb: 'get', path: `${org}/leads`, contract: ListLeads, summary: 'List, search, filter and sort leads' },
    { verb: 'get', path: `${org}/lead-counts`, contract: CountLeads, summary: 'Count leads by stage' },
    {
      verb: 'post',
      path: `${org}/leads`,
      contract: CreateLead,
      summary: 'Create a lead',
      status: 201,
      location: `${org}/leads/{id}`,
    },
    { verb: 'get', path: `${org}/leads/{id}`, contract: GetLead, summary: 'Read a lead' },
    { verb: 'patch', path: `${org}/leads/{id}`, contract: UpdateLead, summary: 'Change a lead', inject: ['if_match'] },
    { verb: 'delete', path: `${org}/leads/{id}`, contract: DeleteLead, summary: 'Delete a lead', inject: ['if_match'] },
    {
      verb: 'post',
      path: `${org}/leads/{id}/move`,
      contract: MoveLead,
      summary: 'Move a lead to a stage',
      inject: ['if_match'],
    },
    {
      verb: 'get',
      path: `${org}/leads/{id}/activities`,
      contract: ListActivities,
      summary: 'List what happened to a lead',
    },
    { verb: 'post', path: `${org}/leads/{id}/activities`, contract: AddNote, summary: 'Add a note', status: 201 },
    {
      verb: 'get',
      path: `${org}/lead-import-mappings`,
      contract: ListImportMappings,
      summary: 'List saved mappings of imports',
    },
    {
      verb: 'post',
      path: `${org}/lead-import-mappings`,
      contract: SaveImportMapping,
      summary: 'Save how files of one origin are read; the same name again replaces it',
      status: 201,
    },
    {
      verb: 'delete',
      path: `${org}/lead-import-mappings/{id}`,
      contract: DeleteImportMapping,
      summary: 'Delete a saved mapping',
    },
    { verb: 'get', path: `${org}/lead-imports`, contract: ListImports, summary: 'List imports' },
    { verb: 'get', path: `${org}/lead-imports/{id}`, contract: GetImport, summary: 'Read the progress of an import' },
    {
      verb: 'get',
      path: `${org}/lead-imports/{id}/errors`,
      contract: ListImportErrors,
      summary: 'List the rows that were refused, the cells that could not be read, and what else there is to tell',
    },
    {
      verb: 'post',
      path: `${org}/lead-imports/{id}/undo`,
      contract: UndoImport,
      summary: 'Take an import back, but for leads that were touched since; the work goes on after the answer',
      status: 202,
    },
  ],
};
