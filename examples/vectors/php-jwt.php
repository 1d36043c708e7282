<?php // firebase/php-jwt (composer require firebase/php-jwt): php php-jwt.php vectors.json [known failures]
require 'vendor/autoload.php';

use Firebase\JWT\{JWK, JWT};

$document = json_decode(file_get_contents($argv[1]), true, 512, JSON_THROW_ON_ERROR);
$verifier = $document['verifier'];
JWT::$timestamp = $verifier['now'];
JWT::$leeway = $verifier['leeway'];

function accepts(string $token, array $jwks, array $verifier): bool
{
    $claims = JWT::decode($token, JWK::parseKeySet($jwks, $verifier['algorithms'][0]));
    return ($claims->iss ?? null) === $verifier['issuer'] // which the library leaves to its user
        && in_array($verifier['audience'], (array) ($claims->aud ?? []), true);
}

$failures = [];
foreach ($document['vectors'] as $vector) {
    try {
        $accepted = accepts($vector['token'], $vector['jwks'] ?? $document['jwks'], $verifier);
    } catch (Throwable) { // a service refuses whatever its library throws
        $accepted = false;
    }
    $wrong = ['accept' => false, 'policy' => false, 'reject' => true][$vector['expect']] ?? null;
    if ($vector['level'] === 'must' && $accepted === $wrong) {
        $failures[] = ($accepted ? 'accepted ' : 'refused ') . $vector['id'];
    }
}
$known = isset($argv[2]) ? file($argv[2], FILE_IGNORE_NEW_LINES) : [];
foreach ($failures as $failure) {
    echo "$failure\n";
}
exit($failures === $known ? 0 : 1);
