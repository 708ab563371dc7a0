/** Largest single record accepted; CloudTrail events end at 256 KB, agent events near 100 KB. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** Bytes kept of something rejected. */
export const MAX_REJECTED_BYTES = 1024 * 1024;

/** Deepest nesting accepted. AWS's own deepest records stay under 20. */
export const MAX_DEPTH = 256;

/** gzip inside gzip inside gzip: Firehose compressing what CloudWatch compressed needs two. */
export const MAX_GZIP_LAYERS = 3;

/**
 * An input that inflates to more than this many times its size is taken for a gzip bomb, once it is larger than
 * `INFLATE_RATIO_FREE_BYTES`. Log files compress 10 to 60 times; deflate can reach 1,032.
 */
export const MAX_INFLATE_RATIO = 400;
export const INFLATE_RATIO_FREE_BYTES = 256 * 1024 * 1024;

/** A message that a receiver took inflates to no more than this. Files of an import have no such limit. */
export const MAX_MESSAGE_INFLATED_BYTES = 128 * 1024 * 1024;

/** Rejections of one message that are kept one by one; the message itself stands for the others. */
export const MAX_MESSAGE_REJECTIONS = 1000;

/** Wrappers inside wrappers: EventBridge in SNS in SQS in Kinesis is four. */
export const MAX_WRAPPERS = 6;
