// GitLab's subscription plans, as far as tokens tell them apart.

export const PLANS = ["free", "premium", "ultimate"] as const;
export type Plan = (typeof PLANS)[number];
