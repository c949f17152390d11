// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace danube::tests {

/// An RSA key of 2048 bits made for tests (openssl genrsa); it opens nothing anywhere.
inline constexpr const char *testAppKey = "-----BEGIN RSA PRIVATE KEY-----\n"
                                          "MIIEpAIBAAKCAQEApyhcwJsAhZfZ8WP+wUzrvulceKO3Vz8zhVUoK4czmeJWneIp\n"
                                          "yKAE8spYFw/Ev5LANFL6lNoomUaSTGAGaMgvjF2MdVe5Cra0hoe9gi5wjJAuj9JV\n"
                                          "DxiUm++iCezxvRIp2hi00EAAPrk9yc3dMi2UBD8wijUa+zERbZbFdffPiiLT9xnM\n"
                                          "No3KAk9UhNUFNi9dsT6qgZCOTbgJZZ4jWcrWEwnM/gjZS4CjcdtH8XEjHOInSpzJ\n"
                                          "YhXET24AiGw/piMi+FtzEOsaI3iXaV78FbxALdVW/KX0iKBmUofs8UtruU3m7ew7\n"
                                          "JMA7BE0nNSY+QJRskXJQHyaikXcx5RezTgMdlwIDAQABAoIBAD8d5HftjzLida7K\n"
                                          "HSWMD/AUWZBL8SyGdsO/td1Jvdg7OI2BGlng4j1y3fRHRfk4Rk77jhaqkW3e0dr4\n"
                                          "3zKtdBbCNAkSyJIdDulFU+9V7bWFs68msmty0ppWz46D43uK4jax4YRIxk7oz0Xl\n"
                                          "78HEqAE6gu+MwdVbX8NLjN/QZJM5mybDJLHG4zQFK29y26dlhazan76MtnDZd2Ut\n"
                                          "2/oUzPk41kQ7Uw2EUbBs21yFz2IKC6gC8+ygNFgND28e+f9AHXCkBq9WXIrUP2pU\n"
                                          "alCtbd4Gd45r09SvzuNKVs0DPbanTssLdMHUADJ62SGERFV3Hu1HyPL1jkd0uv+v\n"
                                          "by0zSJECgYEA0gU31rRfmuv5lkQWLT0LpZ/WUNsTW/4mqepkP1Q+Qs0ElXVLIfag\n"
                                          "b3FvwVTjWmlupZmnwo11FQdi/osLlyDgIy9OT1TexVglp3YLNse8mxrpTVILNM7Y\n"
                                          "2h6QP85at5M3pWseGAxuhxaAeC5np+qzU+F1+N+eZwdTncrfiwi1HEUCgYEAy8Dd\n"
                                          "TzDp4BpyzED4VJEotweToMAelzNo0U/t4jOY9TM3Bgg3u9VTvtiQpXJFiOTYOs5U\n"
                                          "uDZOCbc3uYKTsIEvQOkLPjmAtwTgP7naAIzWYgXHwF9cTaJx1R/n7hxHDqDPit/z\n"
                                          "Mf/VtMWw6+SnOsNrPa1pql+t9W5CQeVZ9MlyxisCgYAINCv6NxGE+7LEK+Sx37CU\n"
                                          "x6mXfvdCoKrh+EXyM1g7Q8bqD6rfqMKbl9LFuosm/PdVgKsM7nmkWKWFS+kn/iDD\n"
                                          "PxXQA4CwNMFDyVimyyaS6Ho0iv/lEC9oVclMtMLWaOnDjGughNvMaxSZnTZvWLuo\n"
                                          "iyYQkqudWqvpfgM9axmoAQKBgQCwgM41/6VZ4Q95KP72IxkmFIYqRsM5L+upBpiH\n"
                                          "zzK9ljQgIZZGPLJjLK+A4tChmbxGlN6HBWPsvq6jIR5XVFFe5YI70QxTfwHTsmfK\n"
                                          "+jXsjB1R5EnNZt89RHphplVXsq6XGxFNStYR1v9AGb9UBF0t/L8APAoyBeWXt9qJ\n"
                                          "Vsj6KQKBgQDD9p2JjtlmrhkAHgicHTg/yTXia/q2RZ4B66dvb2jeJ0+bYxUl8ulL\n"
                                          "p6154Ij3bMQY67e6oisMDamMt9tT7WOIGkPBvB4MwTK2502RfHlVAkzwE9xv1XkG\n"
                                          "i0DN7VZfOF8ZFXxu3EphBLkELgoIHzLe+I12cOSKfUSs65xXHWiMKA==\n"
                                          "-----END RSA PRIVATE KEY-----\n";

/// Its public half.
inline constexpr const char *testAppPublicKey = "-----BEGIN PUBLIC KEY-----\n"
                                                "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEApyhcwJsAhZfZ8WP+wUzr\n"
                                                "vulceKO3Vz8zhVUoK4czmeJWneIpyKAE8spYFw/Ev5LANFL6lNoomUaSTGAGaMgv\n"
                                                "jF2MdVe5Cra0hoe9gi5wjJAuj9JVDxiUm++iCezxvRIp2hi00EAAPrk9yc3dMi2U\n"
                                                "BD8wijUa+zERbZbFdffPiiLT9xnMNo3KAk9UhNUFNi9dsT6qgZCOTbgJZZ4jWcrW\n"
                                                "EwnM/gjZS4CjcdtH8XEjHOInSpzJYhXET24AiGw/piMi+FtzEOsaI3iXaV78FbxA\n"
                                                "LdVW/KX0iKBmUofs8UtruU3m7ew7JMA7BE0nNSY+QJRskXJQHyaikXcx5RezTgMd\n"
                                                "lwIDAQAB\n"
                                                "-----END PUBLIC KEY-----\n";

/// What app 12345 signs in with at 2025-06-15T15:06:40Z, signed by `openssl dgst -sha256 -sign`.
inline constexpr const char *testAppJwt =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3NDk5OTk5NDAsImV4cCI6MTc1MDAwMDU0MCwiaXNzIjoiMTIzNDU"
    "ifQ.EmM2yVSN2l4eXbqXr-F600eqZ_DEEcleJUjBfNsM4X4i6Nm_mVGBXTJOywlxXto87uYE0uSXqFDY47fv5B1cxi9FCiEg7cHS"
    "M_7_Mp4kIhXaqhTaZJ5esh60-0qAjRhgyiXRhuucZ7Nx-IvHrQ3Bttsd1tCFBLDGNYba77pSQSi1reioreeOVaJTEyCY6zP4lZpq"
    "gFV7RIqYKu42WAnbYcAL4LVmGSCMzWTpcvDbTIhIT9CDylUpvK0HG7NP_XStC4Vnp5K58vLmTwsDRKj1aviMB5QJZXhI7XQu0adM"
    "pexrWxAEd37kFSWKxRI8niZet5JB6S0UsreDdGhW4BwkhQ";

} // namespace danube::tests
