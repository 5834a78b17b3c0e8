from pathlib import Path

import grpc
from suasion.v1.contact_pb2 import ContactState
from suasion.v1.contact_service_pb2 import DispatchRequest
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
request = DispatchRequest(contact_id=Path("contact.txt").read_text(), request_id="d-1")
contact = ContactServiceStub(channel).Dispatch(request, timeout=1).contact
print(ContactState.Name(contact.state), "with token", contact.fencing_token)
