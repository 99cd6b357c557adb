/** Whether a message can be published on it. */
export const isTopic = (topic: string): boolean => topic !== '' && !/[+#\0]/.test(topic);
