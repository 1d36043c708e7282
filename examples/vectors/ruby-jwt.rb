# ruby-jwt (Debian: ruby, ruby-jwt): ruby ruby-jwt.rb vectors.json [known failures]
require 'json'
require 'jwt'

document = JSON.parse(File.read(ARGV[0]))
verifier = document['verifier']
Time.define_singleton_method(:now) { Time.at(verifier['now']) } # ruby-jwt takes no clock
options = {
  algorithms: verifier['algorithms'],
  iss: verifier['issuer'], verify_iss: true,
  aud: verifier['audience'], verify_aud: true,
  leeway: verifier['leeway'], verify_iat: true
}

failures = document['vectors'].select { |vector| vector['level'] == 'must' }.filter_map do |vector|
  outcome = begin
    JWT.decode(vector['token'], nil, true, options.merge(jwks: vector['jwks'] || document['jwks']))
    'accepted'
  rescue StandardError, SystemStackError # a service refuses whatever its library raises
    'refused'
  end
  wrong = { 'reject' => 'accepted', 'accept' => 'refused', 'policy' => 'refused' }
  "#{outcome} #{vector['id']}" if outcome == wrong[vector['expect']]
end
known = ARGV[1] ? File.read(ARGV[1]).split("\n") : []
puts failures
exit failures == known
