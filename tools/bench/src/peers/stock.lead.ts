import { defineEntity, p } from '@mikro-orm/core';

/** The table as a MikroORM user would describe it. */
export const StockLead = defineEntity({
  name: 'StockLead',
  schema: 'leads',
  tableName: 'leads',
  properties: {
    orgId: p.uuid().primary(),
    id: p.uuid().primary(),
    pipelineId: p.uuid(),
    stageId: p.uuid(),
    contactName: p.text(),
    company: p.text().nullable(),
    email: p.text().nullable(),
    phone: p.text().nullable(),
    site: p.text().nullable(),
    city: p.text().nullable(),
    state: p.text().nullable(),
    country: p.text().nullable(),
    ownerId: p.uuid().nullable(),
    valueMinor: p.bigint('number').nullable(),
    tags: p.array(),
    customFields: p.json(),
    externalId: p.text().nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    version: p.integer(),
  },
});
