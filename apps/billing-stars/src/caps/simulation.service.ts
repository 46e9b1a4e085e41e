import { type billingStarsMessages, DomainError } from '@apollo/contracts';
import { type Clock, CLOCK } from '@apollo/tenancy';
import { Inject, Injectable } from '@nestjs/common';
import { capProblem } from './cap.rules.js';
import { simulate, type HypotheticalCap } from './cap.simulation.js';
import { SimulationRepository } from './simulation.repository.js';

/** Most reservations replayed at once, and milliseconds spent on reading them. */
const MOST_HOLDS = 50_000;
const READING_MS = 3_000;
const YEAR_MS = 366 * 86_400_000;

/** What caps that are only thought of would have done to the acting organization. */
@Injectable()
export class SimulationService {
  constructor(
    private readonly past: SimulationRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws DomainError `validation_failed` for a range or a cap that makes no sense */
  async run({ since, until, caps }: billingStarsMessages.SimulationRequest): Promise<billingStarsMessages.Simulation> {
    const [from, to] = [new Date(since), until === undefined ? this.clock() : new Date(until)];
    if (!(from < to) || to.getTime() - from.getTime() > YEAR_MS)
      throw new DomainError('validation_failed', 'The range ends after it begins, and within a year.');
    const thought = await this.thoughtOf(caps);
    const { holds, complete } = await this.past.past(from, to, MOST_HOLDS, performance.now() + READING_MS);
    const { first, ...result } = simulate(holds, thought, from.getTime());
    const covered = complete ? to : new Date(holds.at(-1)?.at ?? from);
    return {
      reservations: result.reservations,
      refused: result.refused,
      refused_stars: result.refusedStars,
      first: first && {
        at: new Date(first.hold.at).toISOString(),
        layer: first.layer,
        agent_id: first.hold.agent,
        person_id: first.hold.person,
        run_id: first.hold.run,
        stars: first.hold.stars,
        cap: first.cap,
        used: first.used,
      },
      caps: result.caps.map(({ refused, refusedStars, firstRefusedAt, peak }, index) => ({
        ...(caps[index] as billingStarsMessages.ProposedCap),
        refused,
        refused_stars: refusedStars,
        first_refused_at: firstRefusedAt === null ? null : new Date(firstRefusedAt).toISOString(),
        peak,
      })),
      complete,
      covered_until: covered.toISOString(),
    };
  }

  private async thoughtOf(proposed: readonly billingStarsMessages.ProposedCap[]): Promise<HypotheticalCap[]> {
    const caps = proposed.map(({ agent_id, person_id, ...cap }) => ({
      ...cap,
      agent: agent_id ?? null,
      person: person_id ?? null,
    }));
    for (const { layer, agent, person } of caps) {
      const problem = capProblem(layer, agent, person);
      if (problem) throw new DomainError('validation_failed', problem);
    }
    const subjects = await this.past.subjects(caps);
    return caps.map(({ layer, stars }, index) => ({ layer, stars, subject: subjects[index] as string }));
  }
}
