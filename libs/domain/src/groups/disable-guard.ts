/** What must serve at the moment of a disable. */
export interface DisableGuard {
  readonly serverGroup: string;
  readonly instancesHealthyMin: number;
  /** Also as many as the subject has in service at that moment, by this percentage; absent: the number alone. */
  readonly coveringPercent?: number;
  readonly zoneFloorPercent?: number;
}
