/** One who uses the mission, as the plan tells satellites of it. */
export interface PlannedTenant {
  readonly id: string;
  /** Of computer and link where more is asked for than there is. */
  readonly weight: number;
  /** Millionths of the currency, in all. */
  readonly budget: number;
  /** Of it, what each satellite may let the tenant use: whole millionths that add up to the budget at most. Not named: 0. */
  readonly allowances: Readonly<Record<string, number>>;
}

/** Who uses the mission, at what prices, and what each scene is quoted at: all that a satellite needs to keep quotas and fair shares. */
export interface TenancyPlan {
  /** Of the price file. */
  readonly currency: string;
  /** For one unit of each resource (`pipeline/tenancy/resource.ts`), as decimal text. */
  readonly prices: Readonly<Record<string, string>>;
  readonly tenants: readonly PlannedTenant[];
  /** By scene and tenant: the most that the work on board may be charged, in millionths. Whoever is not named has no part in the scene. */
  readonly quotes: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What an order's scene is quoted at, whoever ordered it; by scene. */
  readonly orderQuotes: Readonly<Record<string, number>>;
}

/** Several models in one mission. */
export interface WorkloadsPlan {
  readonly workloads: readonly WorkloadPlan[];
  /** Networks, each once, in the order of the classes that they give. */
  readonly models: readonly {
    readonly model: string;
    readonly sha256: string;
    /** Of its weights in memory. */
    readonly weightBytes: number;
  }[];
  /** What weights are loaded at from the mass memory, bytes a second. */
  readonly loadRate: number;
}

/** One of several workloads of a mission: who wants what looked for where. */
export interface WorkloadPlan {
  readonly name: string;
  readonly tenant: string;
  /** As the user named it. */
  readonly model: string;
  readonly modelSha256: string;
  /** The classes that it reports, by the names that results have. */
  readonly classes: readonly string[];
  /** Score below which nothing is reported. */
  readonly threshold: number;
  /** Scenes that its area meets; `null`: all. */
  readonly scenes: readonly string[] | null;
  /** 1 goes first, 9 last. */
  readonly priority: number;
}
