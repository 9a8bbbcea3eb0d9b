// A real OpenID provider (npm package oidc-provider, certified) for the tests with RealProvider: tokens of callers, and people, of
// whom each is alice, an operator. Prints its issuer once it listens.
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
    }, {
      client_id: 'countermand-console',
      client_secret: process.env.SECRET,
      application_type: 'native', // whatever port of this machine
      redirect_uris: ['http://127.0.0.1/sign-in/oidc/callback'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }],
    claims: { openid: ['sub', 'countermand_roles'] },
    conformIdTokenClaims: false,
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, countermand_roles: ['operator'] }) }),
    loadExistingGrant: async (context) => {
      const { client, session } = context.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    interactions: { url: (_, interaction) => `/enter/${interaction.uid}` },
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
  const answer = provider.callback();
  const person = { login: { accountId: 'alice' }, consent: {} };
  server.on('request', (request, response) => (request.url.startsWith('/enter/')
    ? provider.interactionFinished(request, response, person, { mergeWithLastSubmission: false })
    : answer(request, response)));
  console.log(`issuer ${issuer}`);
});
