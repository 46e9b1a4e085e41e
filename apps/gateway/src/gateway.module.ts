import type { ServiceName } from '@apollo/contracts';
import { Bus, EventWatch, StreamSlots } from '@apollo/messaging';
import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { ForgettingController } from './admission/forgetting.controller.js';
import { HttpGuard } from './admission/http.guard.js';
import { OrgAccess } from './admission/org.access.js';
import { SessionGate } from './admission/session.gate.js';
import { EventStreamController } from './events/event.stream.controller.js';
import { FeedQuestions } from './events/feed.questions.js';
import { ImportProgressController } from './events/import.progress.controller.js';
import { RunStreamController } from './events/run.stream.controller.js';
import { controllerOf } from './http/controller.factory.js';
import { Forwarder, HEARD } from './http/forwarder.js';
import { DocsController, PublishedDocument } from './openapi/docs.controller.js';
import { PagesController } from './pages/pages.controller.js';
import { CONVERSATIONS, DOCUMENTS, PERSONAS } from './routes/agents.routes.js';
import { AuditLogController } from './routes/audit.log.controller.js';
import { AUTH } from './routes/auth.routes.js';
import { BILLING } from './routes/billing.routes.js';
import { HealthController, READINESS } from './routes/health.controller.js';
import { LeadListController } from './routes/lead.list.controller.js';
import { LEADS, PIPELINES } from './routes/leads.routes.js';
import { MeController } from './routes/me.controller.js';
import { ME } from './routes/me.routes.js';
import { INVITATIONS, ORGS } from './routes/orgs.routes.js';
import { PLATFORM } from './routes/platform.routes.js';
import { WebhookController } from './routes/webhook.controller.js';
import { DocumentUploadController } from './transfer/document.upload.controller.js';
import { ExportSlots } from './transfer/export.slots.js';
import { LeadExportController } from './transfer/lead.export.controller.js';
import { LeadImportController } from './transfer/lead.import.controller.js';
import { LeadPreviewController } from './transfer/lead.preview.controller.js';
import { UploadReader } from './transfer/upload.reader.js';
import { UploadWriter } from './transfer/upload.writer.js';

/** The name this process has on the bus. */
export const GATEWAY: ServiceName = 'gateway';

/** What the start made before Nest. */
export interface GatewayParts {
  readonly bus: Bus;
  readonly guard: HttpGuard;
  readonly access: OrgAccess;
  readonly sessions: SessionGate;
  readonly slots: StreamSlots;
  readonly watch: EventWatch;
  readonly uploads: UploadReader;
  readonly document: PublishedDocument;
  readonly readiness: () => Promise<void>;
  readonly heard: () => Promise<void>;
}

const tables = [AUTH, ME, PLATFORM, ORGS, INVITATIONS, PIPELINES, LEADS, PERSONAS, CONVERSATIONS, DOCUMENTS, BILLING];
const controllers: Type[] = [
  ...tables.map(controllerOf),
  MeController,
  AuditLogController,
  WebhookController,
  LeadListController,
  LeadImportController,
  LeadPreviewController,
  LeadExportController,
  DocumentUploadController,
  EventStreamController,
  ImportProgressController,
  RunStreamController,
  HealthController,
  DocsController,
  PagesController,
  ForgettingController,
];

/** Every route of the gateway, and what it listens to. */
@Module({})
export class GatewayModule {
  static with(parts: GatewayParts, more: readonly Type[] = []): DynamicModule {
    const providers: Provider[] = [
      Forwarder,
      FeedQuestions,
      ExportSlots,
      UploadWriter,
      { provide: Bus, useValue: parts.bus },
      { provide: HttpGuard, useValue: parts.guard },
      { provide: OrgAccess, useValue: parts.access },
      { provide: SessionGate, useValue: parts.sessions },
      { provide: StreamSlots, useValue: parts.slots },
      { provide: EventWatch, useValue: parts.watch },
      { provide: UploadReader, useValue: parts.uploads },
      { provide: PublishedDocument, useValue: parts.document },
      { provide: READINESS, useValue: parts.readiness },
      { provide: HEARD, useValue: parts.heard },
    ];
    return {
      module: GatewayModule,
      global: true,
      controllers,
      providers,
      imports: [...more],
      exports: [Bus, HttpGuard, Forwarder],
    };
  }
}
