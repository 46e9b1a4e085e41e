const schema = 'identity';

/** A function of the directory's owner. */
export interface Definer {
  readonly name: string;
  readonly takes: string;
  readonly gives: string;
  readonly volatility: 'stable' | 'volatile';
  readonly body: string;
}

/** The text of a function that the runtime role may call and nobody else. */
export function definer({ name, takes, gives, volatility, body }: Definer): string {
  return `create function ${schema}.${name}(${takes}) returns ${gives} language plpgsql ${volatility} security definer set search_path = pg_catalog, pg_temp as $$
begin
  ${body}
end $$;
revoke all on function ${schema}.${name} from public;
grant execute on function ${schema}.${name} to ${schema}_app;`;
}

/** Refuses (42501) everything but a genuine tag of scope `platform`. */
export const PLATFORM_ONLY = 'perform tenancy.is_platform();';
