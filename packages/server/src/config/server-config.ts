import { z } from "zod";
import { durationSchema } from "../receivers/duration.ts";
import { sizeSchema } from "./size.ts";

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** `server`: the address, and who is answered. */
export const serverSchema = z.strictObject({
  host: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe("address to listen on; another than the loopback needs access: token"),
  port: z.int().min(0).max(65_535).default(4004).describe("port to listen on; 0 takes a free one"),
  access: z
    .enum(["loopback", "token"])
    .default("loopback")
    .describe("loopback: reading on this machine needs no token; token: every request needs one"),
  allowed_hosts: z
    .array(z.string().regex(/^[a-z0-9.[\]:-]+$/i, "a host name without scheme and path, such as fourwire.example.com"))
    .max(32)
    .default([])
    .describe("names in the Host header that are answered besides localhost, such as that of a reverse proxy"),
  drain_timeout: durationSchema({ minMs: 1000, maxMs: 600_000 })
    .prefault("30s")
    .describe("how long a stopping server waits for requests that run"),
});

/** `limits`: named bounds, so that no client can take more memory than was planned for. */
export const limitsSchema = z.strictObject({
  max_body: sizeSchema({ minBytes: 64 * KIBIBYTE, maxBytes: 256 * MEBIBYTE })
    .prefault("16MiB")
    .describe("largest body of a request as sent"),
  max_inflated: sizeSchema({ minBytes: MEBIBYTE, maxBytes: 1024 * MEBIBYTE })
    .prefault("128MiB")
    .describe("largest body once inflated"),
  max_inflate_ratio: z
    .int()
    .min(10)
    .max(10_000)
    .default(400)
    .describe("a body that inflates beyond 32 MiB and beyond this many times its size is refused"),
  max_waiting: sizeSchema({ minBytes: MEBIBYTE, maxBytes: 4096 * MEBIBYTE })
    .prefault("256MiB")
    .describe("bytes of all bodies that are being received, inflated or stored; beyond, requests get 503"),
  token_requests_per_second: z
    .int()
    .min(1)
    .max(100_000)
    .default(1000)
    .describe("requests one token may send, averaged over ten seconds; beyond, 429"),
  token_bytes_per_second: sizeSchema({ minBytes: KIBIBYTE, maxBytes: 1024 * MEBIBYTE })
    .prefault("64MiB")
    .describe("body bytes one token may send, averaged over ten seconds; beyond, 429"),
});
