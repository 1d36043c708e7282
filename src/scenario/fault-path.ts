// Which requests a fault meets. It stands alone, so that a server need not load the schemas to know.

/** Whether a fault of `faulty` meets requests of `path`. */
export const covers = (faulty: string, path: string): boolean =>
	faulty.endsWith("*") ? path.startsWith(faulty.slice(0, -1)) : path === faulty;
