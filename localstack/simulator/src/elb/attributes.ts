import { validationError } from '../wire/aws-error.js';

interface AttributeRule {
  readonly fallback: string;
  readonly allows: (value: string) => boolean;
  readonly wanted: string;
}

export type AttributeRules = Readonly<Record<string, AttributeRule>>;
export type Attributes = Readonly<Record<string, string>>;

const bool = (fallback: boolean): AttributeRule => words(String(fallback), ['true', 'false']);
const text = (fallback = ''): AttributeRule => ({ fallback, allows: () => true, wanted: 'a text' });

function words(fallback: string, allowed: readonly string[]): AttributeRule {
  return { fallback, allows: (value) => allowed.includes(value), wanted: allowed.join(' | ') };
}

function range(fallback: number, min: number, max: number): AttributeRule {
  return {
    fallback: String(fallback),
    allows: (value) => /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max,
    wanted: `between '${min}' and '${max}' inclusive`,
  };
}

/** A number in its range, or a word in its place. */
function rangeOr(
  word: string,
  fallback: string,
  [min, max]: readonly [number, number],
): AttributeRule {
  const numbers = range(min, min, max);
  return {
    fallback,
    allows: (value) => value === word || numbers.allows(value),
    wanted: `'${word}', or ${numbers.wanted}`,
  };
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html */
export const LOAD_BALANCER_ATTRIBUTES: AttributeRules = {
  'deletion_protection.enabled': bool(false),
  'idle_timeout.timeout_seconds': range(60, 1, 4000),
  'client_keep_alive.seconds': range(3600, 60, 604_800),
  'load_balancing.cross_zone.enabled': words('true', ['true']),
  'access_logs.s3.enabled': bool(false),
  'access_logs.s3.bucket': text(),
  'access_logs.s3.prefix': text(),
  'connection_logs.s3.enabled': bool(false),
  'connection_logs.s3.bucket': text(),
  'connection_logs.s3.prefix': text(),
  'routing.http.desync_mitigation_mode': words('defensive', ['monitor', 'defensive', 'strictest']),
  'routing.http.drop_invalid_header_fields.enabled': bool(false),
  'routing.http.preserve_host_header.enabled': bool(false),
  'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': bool(false),
  'routing.http.xff_client_port.enabled': bool(false),
  'routing.http.xff_header_processing.mode': words('append', ['append', 'preserve', 'remove']),
  'routing.http2.enabled': bool(true),
  'waf.fail_open.enabled': bool(false),
  'zonal_shift.config.enabled': bool(false),
};

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html */
export const TARGET_GROUP_ATTRIBUTES: AttributeRules = {
  'deregistration_delay.timeout_seconds': range(300, 0, 3600),
  'slow_start.duration_seconds': {
    ...range(0, 30, 900),
    allows: (value) => value === '0' || range(0, 30, 900).allows(value),
    wanted: `'0', or between '30' and '900' inclusive`,
  },
  'stickiness.enabled': bool(false),
  'stickiness.type': words('lb_cookie', ['lb_cookie', 'app_cookie']),
  'stickiness.lb_cookie.duration_seconds': range(86_400, 1, 604_800),
  'stickiness.app_cookie.duration_seconds': range(86_400, 1, 604_800),
  'stickiness.app_cookie.cookie_name': text(),
  'load_balancing.algorithm.type': words('round_robin', [
    'round_robin',
    'least_outstanding_requests',
    'weighted_random',
  ]),
  'load_balancing.algorithm.anomaly_mitigation': words('off', ['on', 'off']),
  'load_balancing.cross_zone.enabled': words('use_load_balancer_configuration', [
    'true',
    'false',
    'use_load_balancer_configuration',
  ]),
  'target_group_health.dns_failover.minimum_healthy_targets.count': rangeOr('off', '1', [1, 1000]),
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': rangeOr(
    'off',
    'off',
    [1, 100],
  ),
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': range(1, 1, 1000),
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': rangeOr(
    'off',
    'off',
    [1, 100],
  ),
};

export function defaultsOf(rules: AttributeRules): Attributes {
  return Object.fromEntries(Object.entries(rules).map(([key, { fallback }]) => [key, fallback]));
}

/** The attributes after a change; a key that is none, or a value that is not allowed, refuses the whole change. */
export function changedAttributes(
  rules: AttributeRules,
  before: Attributes,
  changes: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): Attributes {
  const after = { ...before };
  for (const { Key: key = '', Value: value = '' } of changes) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule === undefined) throw validationError(`Attribute key '${key}' is not recognized`);
    if (!rule.allows(value))
      throw validationError(`Attribute '${key}' must be ${rule.wanted}, but was '${value}'`);
    after[key] = value;
  }
  return after;
}

/** Settings of a target group that AWS refuses together. */
export function checkTogether(attributes: Attributes): void {
  const algorithm = attributes['load_balancing.algorithm.type'] ?? '';
  if (attributes['slow_start.duration_seconds'] !== '0' && algorithm !== 'round_robin')
    throw validationError(`Slow start cannot be enabled with the algorithm '${algorithm}'`);
  const isMitigated = attributes['load_balancing.algorithm.anomaly_mitigation'] === 'on';
  if (isMitigated && algorithm !== 'weighted_random')
    throw validationError(`Anomaly mitigation needs the algorithm 'weighted_random'`);
}

export function attributeViews(attributes: Attributes): { Key: string; Value: string }[] {
  return Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
}
