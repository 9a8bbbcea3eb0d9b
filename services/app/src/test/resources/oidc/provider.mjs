// A real OpenID provider (npm package oidc-provider, certified) for OidcProviderTest. Prints its issuer once it listens.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const alg = process.env.ALG;
const pairs = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};
const key = { ...pairs[alg]().privateKey.export({ format: 'jwk' }), kid: `${alg}-1`, alg, use: 'sig' };
const rsa = { ...pairs.RS256().privateKey.export({ format: 'jwk' }), kid: 'id-tokens', alg: 'RS256', use: 'sig' };

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    jwks: { keys: [key, rsa] },
    clients: [{
      client_id: 'risk-desk',
      client_secret: process.env.SECRET,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    }],
    extraTokenClaims: () => ({
      countermand_verbs: ['cancel', 'read'],
      countermand_accounts: [process.env.ACCOUNTS],
    }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({
          scope: '',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg } },
        }),
      },
    },
  });
  server.on('request', provider.callback());
  console.log(`issuer ${issuer}`);
});
