import { LOGGER, type Logger, Mailer, TablePurger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { type Clock, CLOCK, systemClock } from '@apollo/tenancy';
import type { DynamicModule } from '@nestjs/common';
import { AccountController } from './accounts/account.controller.js';
import { AccountRepository } from './accounts/account.repository.js';
import { AccountService } from './accounts/account.service.js';
import { InvitedAccountService } from './accounts/invited.account.service.js';
import { JustMadeAccount } from './accounts/just.made.account.js';
import { MeService } from './accounts/me.service.js';
import type { IdentityConfig } from './config.js';
import { GrantController } from './grants/grant.controller.js';
import { GrantRepository } from './grants/grant.repository.js';
import { ActivationService } from './grants/activation.service.js';
import { GrantService } from './grants/grant.service.js';
import { identitySchema } from './identity.schema.js';
import { IdentityMails } from './mail/identity.mails.js';
import { PasswordController } from './passwords/password.controller.js';
import { PasswordForgottenService } from './passwords/password.forgotten.service.js';
import { PasswordHasher } from './passwords/password.hasher.js';
import { PasswordRepository } from './passwords/password.repository.js';
import { PasswordResetLinks } from './passwords/password.reset.links.js';
import { PasswordResetMailing } from './passwords/password.reset.mailing.js';
import { PasswordResetService } from './passwords/password.reset.service.js';
import { PasswordService } from './passwords/password.service.js';
import { AfterReply } from './process/after.reply.js';
import { identityPurge } from './purge/purge.plan.js';
import { PurgeController } from './purge/purge.controller.js';
import { FactorSessionService } from './second-factor/factor.session.service.js';
import { SecondFactorRepository } from './second-factor/second.factor.repository.js';
import { SecondFactorService } from './second-factor/second.factor.service.js';
import { TotpController } from './second-factor/totp.controller.js';
import { TotpEnrollment } from './second-factor/totp.enrollment.js';
import { TotpService } from './second-factor/totp.service.js';
import { SecretBox } from './secrets/secret.box.js';
import { SecurityEventLog } from './security-events/security.event.log.js';
import { SessionGate } from './sessions/session.gate.js';
import { AccessTokenIssuer } from './sessions/access.token.issuer.js';
import { RefreshService } from './sessions/refresh.service.js';
import { RefreshTokenRepository } from './sessions/refresh.token.repository.js';
import { SessionAnnouncement } from './sessions/session.announcement.js';
import { SessionController } from './sessions/session.controller.js';
import { SessionDirectory } from './sessions/session.directory.js';
import { SessionElevation } from './sessions/session.elevation.js';
import { SessionEnding } from './sessions/session.ending.js';
import { SessionRepository } from './sessions/session.repository.js';
import { SessionSecrets } from './sessions/session.secrets.js';
import { SessionService } from './sessions/session.service.js';
import { SessionStart } from './sessions/session.start.js';
import { ReAuthentication } from './sign-in/re.authentication.js';
import { SignInController } from './sign-in/sign.in.controller.js';
import { SignInFailures } from './sign-in/sign.in.failures.js';
import { SignInService } from './sign-in/sign.in.service.js';
import { TokenService } from './sign-in/token.service.js';
import { SigningKeyController } from './signing-keys/signing.key.controller.js';
import { SigningKeyRepository } from './signing-keys/signing.key.repository.js';
import { SigningKeyService } from './signing-keys/signing.key.service.js';
import { ThrottleRepository } from './throttle/throttle.repository.js';
import { ThrottleService } from './throttle/throttle.service.js';

const controllers = [
  AccountController,
  GrantController,
  PasswordController,
  PurgeController,
  SessionController,
  SignInController,
  SigningKeyController,
  TotpController,
];

const providers = [
  AccountRepository,
  AccountService,
  InvitedAccountService,
  JustMadeAccount,
  MeService,
  GrantRepository,
  GrantService,
  ActivationService,
  PasswordForgottenService,
  PasswordHasher,
  PasswordRepository,
  PasswordResetLinks,
  PasswordResetMailing,
  PasswordResetService,
  PasswordService,
  SecondFactorRepository,
  SecondFactorService,
  FactorSessionService,
  TotpEnrollment,
  TotpService,
  AccessTokenIssuer,
  SessionGate,
  RefreshService,
  RefreshTokenRepository,
  SessionAnnouncement,
  SessionDirectory,
  SessionElevation,
  SessionEnding,
  SessionRepository,
  SessionSecrets,
  SessionService,
  SessionStart,
  ReAuthentication,
  SignInFailures,
  SignInService,
  TokenService,
  SigningKeyRepository,
  SigningKeyService,
  ThrottleRepository,
  ThrottleService,
  SecurityEventLog,
  AfterReply,
];

class IdentityModule {}

/** The identity service. @param clock what time it is, for everything that expires */
export function identityModule(config: IdentityConfig, clock: Clock = systemClock): DynamicModule {
  return {
    module: IdentityModule,
    controllers,
    providers: [
      ...providers,
      { provide: CLOCK, useValue: clock },
      { provide: SecretBox, useFactory: () => new SecretBox(config.sealingKey) },
      {
        provide: TablePurger,
        inject: [TenantDatabase],
        useFactory: (database: TenantDatabase) => new TablePurger(database, 'identity', identityPurge),
      },
      {
        provide: Mailer,
        useFactory: (database: TenantDatabase, logger: Logger) =>
          new Mailer({
            service: 'identity',
            schema: identitySchema.service,
            database,
            logger,
            smtpUrl: config.smtpUrl,
            from: config.mailFrom,
            secretHex: config.sealingKey,
          }),
        inject: [TenantDatabase, LOGGER],
      },
      {
        provide: IdentityMails,
        useFactory: (mailer: Mailer, box: SecretBox) => new IdentityMails(mailer, config.publicUrl, box),
        inject: [Mailer, SecretBox],
      },
    ],
  };
}
