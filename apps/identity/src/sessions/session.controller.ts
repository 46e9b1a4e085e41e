import {
  CheckSession,
  CountSignOuts,
  type Done,
  type identityMessages as messages,
  ListSessions,
  RevokeAllSessions,
  RevokeSession,
} from '@apollo/contracts';
import { Handles } from '@apollo/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { SessionGate } from './session.gate.js';
import { SessionDirectory } from './session.directory.js';
import { SessionService } from './session.service.js';

@Controller()
export class SessionController {
  constructor(
    private readonly acting: SessionGate,
    private readonly sessions: SessionService,
    private readonly directory: SessionDirectory,
  ) {}

  @Handles(CheckSession)
  check(@Payload() request: messages.SessionRequest): Promise<messages.SessionState> {
    return this.sessions.check(request);
  }

  @Handles(CountSignOuts)
  async countSignOuts(@Payload() request: messages.PersonRequest): Promise<messages.SignOuts> {
    return { sign_outs: await this.directory.signOutsOf(request.id) };
  }

  @Handles(ListSessions)
  async list(): Promise<messages.SessionList> {
    await this.acting.assertStands();
    return this.sessions.list();
  }

  @Handles(RevokeSession)
  async revoke(@Payload() request: messages.SessionRequest): Promise<Done> {
    await this.acting.during(() => this.sessions.revoke(request));
    return { done: true };
  }

  @Handles(RevokeAllSessions)
  async revokeAll(): Promise<Done> {
    await this.acting.during(() => this.sessions.revokeAll());
    return { done: true };
  }
}
