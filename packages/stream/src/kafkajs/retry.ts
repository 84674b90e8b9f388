/** How long kafkajs tries by itself: some seconds, then whoever asked says so and tries again. */
export const KAFKAJS_RETRY = { initialRetryTime: 100, retries: 5, maxRetryTime: 1000 };
