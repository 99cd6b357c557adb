/** Names of tests that the broker does not pass yet. An empty list is the aim. */
export const NOT_YET_3: readonly string[] = [
  'CONNECT with a user name but no flag ends the connection without CONNACK',
  'CONNECT with a password but no flag ends the connection without CONNACK',
  'CONNECT with bytes after its end ends the connection without CONNACK',
  'a client id that is not UTF-8 ends the connection',
  'a will topic that is not UTF-8 ends the connection',
  'a user name that is not UTF-8 ends the connection',
  'a filter of SUBSCRIBE that is not UTF-8 ends the connection',
  'a filter of UNSUBSCRIBE that is not UTF-8 ends the connection',
];
