package example.palco.payments;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A key that is the same for the same attempt at the same order, however often it is sent. */
public record IdempotencyKey(UUID value) {

    public static IdempotencyKey of(String orderId, int attempt) {
        var seed = (orderId + ":" + attempt).getBytes(StandardCharsets.UTF_8);
        return new IdempotencyKey(UUID.nameUUIDFromBytes(seed));
    }
}
