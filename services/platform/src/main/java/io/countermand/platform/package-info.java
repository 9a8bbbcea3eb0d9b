/**
 * The ground under the flow: topics and schemas as they must be, brought to a cluster; and a real
 * broker and registry as child processes, for a machine without Kafka. The topics' names, {@link
 * Topics}, come with the events, for those who need no more.
 */
package io.countermand.platform;
