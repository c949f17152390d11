// SPDX-License-Identifier: GPL-3.0-or-later
// An OpenID provider on this machine: one public client, any person, any password. Prints its issuer, ends with stdin.
import http from 'node:http';
import Provider from 'oidc-provider';

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const provider = new Provider(issuer, {
        clients: [{
            client_id: 'danube-console',
            application_type: 'native',
            token_endpoint_auth_method: 'none',
            redirect_uris: ['http://127.0.0.1/callback'],
            response_types: ['code'],
            grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        }],
        claims: { openid: ['sub'], profile: ['preferred_username'] },
        conformIdTokenClaims: false,
        cookies: { keys: ['of this test only'] },
        features: { deviceFlow: { enabled: true } },
        findAccount: (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, preferred_username: id }) }),
        issueRefreshToken: async () => true,
        pkce: { required: () => true },
        rotateRefreshToken: true,
    });
    server.on('request', provider.callback());
    console.log(issuer);
});
process.stdin.on('end', () => process.exit(0)).resume();
