import { LOGGER, type Logger, Mailer, TablePurger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { type DynamicModule, Module } from '@nestjs/common';
import { AccessAnnouncer } from './access/access.announcer.js';
import { AccessController } from './access/access.controller.js';
import { AccessService } from './access/access.service.js';
import { MyOrgsService } from './access/my.orgs.service.js';
import { StandingRepository } from './access/standing.repository.js';
import { NonMemberLog } from './access/non.member.log.js';
import { enterOrg } from './access/org.context.js';
import { AuditController } from './audit/audit.controller.js';
import { ORGS_CONFIG, type OrgsConfig } from './config.js';
import { DirectoryRepository } from './directory/directory.repository.js';
import { AcceptanceController } from './invitations/acceptance.controller.js';
import { AcceptanceService } from './invitations/acceptance.service.js';
import { InvitationController } from './invitations/invitation.controller.js';
import { InvitationIssuer } from './invitations/invitation.issuer.js';
import { InvitationList } from './invitations/invitation.list.js';
import { InvitationMail } from './invitations/invitation.mail.js';
import { InvitationRepository } from './invitations/invitation.repository.js';
import { InvitationService } from './invitations/invitation.service.js';
import { InvitationTokens } from './invitations/invitation.token.js';
import { JoiningService } from './invitations/joining.service.js';
import { LinkService } from './invitations/link.service.js';
import { MemberAdmission } from './members/member.admission.js';
import { MemberAnnouncer } from './members/member.announcer.js';
import { MemberController } from './members/member.controller.js';
import { MemberRepository } from './members/member.repository.js';
import { MemberService } from './members/member.service.js';
import { OrgController } from './orgs/org.controller.js';
import { OrgCreation } from './orgs/org.creation.js';
import { OrgCurrency } from './orgs/org.currency.js';
import { OrgQuota } from './orgs/org.quota.js';
import { OrgRepository } from './orgs/org.repository.js';
import { OrgService } from './orgs/org.service.js';
import { OrgSuspension } from './orgs/org.suspension.js';
import { orgsSchema } from './orgs.schema.js';
import { StandingLog } from './orgs/standing.log.js';
import { OrgPurger } from './purge/org.purger.js';
import { orgsPurge } from './purge/purge.plan.js';
import { PurgeRepository } from './purge/purge.repository.js';

/** The orgs service. */
@Module({})
export class OrgsModule {
  static with(config: OrgsConfig): DynamicModule {
    return {
      module: OrgsModule,
      controllers: [
        AccessController,
        AcceptanceController,
        AuditController,
        InvitationController,
        MemberController,
        OrgController,
      ],
      providers: [
        { provide: ORGS_CONFIG, useValue: config },
        {
          provide: Mailer,
          inject: [TenantDatabase, InvitationRepository, LOGGER],
          useFactory: (database: TenantDatabase, invitations: InvitationRepository, logger: Logger) =>
            new Mailer({
              service: 'orgs',
              schema: orgsSchema.service,
              database,
              logger,
              smtpUrl: config.smtpUrl,
              from: config.mailFrom,
              secretHex: config.tagKey,
              settled: ({ id, turn }, outcome) =>
                enterOrg({ org_id: turn }, null, () => invitations.noteMail(id, outcome)),
            }),
        },
        {
          provide: TablePurger,
          inject: [TenantDatabase],
          useFactory: (database: TenantDatabase) => new TablePurger(database, orgsSchema.service, orgsPurge),
        },
        DirectoryRepository,
        { provide: InvitationTokens, useValue: new InvitationTokens(config.tagKey) },
        InvitationRepository,
        MemberRepository,
        OrgRepository,
        StandingRepository,
        AccessAnnouncer,
        AccessService,
        MyOrgsService,
        NonMemberLog,
        InvitationIssuer,
        InvitationList,
        InvitationMail,
        InvitationService,
        LinkService,
        JoiningService,
        AcceptanceService,
        MemberAdmission,
        MemberAnnouncer,
        MemberService,
        OrgCreation,
        OrgCurrency,
        OrgQuota,
        OrgService,
        OrgSuspension,
        StandingLog,
        PurgeRepository,
        OrgPurger,
      ],
    };
  }
}
